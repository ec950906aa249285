import { recordingLogger } from "@edgezero/testbed/recording-logger";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createFetchProxy } from "./fetch-proxy.ts";

const CLIENT = { ip: "192.0.2.1" };
const VIA = "edgezero-0a1b2c3d";
const OPTIONS = { path: "legacy", via: VIA, namesOf: () => null } as const;
const REQUEST = new Request("http://gateway.example/");

let logger: ReturnType<typeof recordingLogger>;

beforeEach(() => {
  logger = recordingLogger();
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

async function refuse(): Promise<Response> {
  throw new TypeError("connection refused");
}

async function proxy(send: () => Promise<Response>, timeoutMs = 1000): Promise<Response> {
  return createFetchProxy({ ...OPTIONS, logger, send, timeoutMs })(REQUEST, CLIENT);
}

test("passes on what the origin answers, and leaves no timer", async () => {
  const answer = new Response("body", { status: 418 });
  expect(await proxy(async () => answer)).toBe(answer);
  expect(vi.getTimerCount()).toBe(0);
});

test("an origin that cannot be reached is a 502, and leaves no timer", async () => {
  const { status } = await proxy(refuse);
  expect(status).toBe(502);
  expect(vi.getTimerCount()).toBe(0);
});

test("faults of one kind are one line a minute at warn, with their count", async () => {
  const handle = createFetchProxy({
    ...OPTIONS,
    logger,
    send: refuse,
    timeoutMs: 1000,
  });
  const said = (): unknown[] => logger.lines.filter(({ level }) => level === "warn");
  for (let i = 0; i < 3; i++) await handle(REQUEST, CLIENT);
  await vi.advanceTimersByTimeAsync(60_000);
  await handle(REQUEST, CLIENT);
  const fields = { path: "legacy", kind: "other", code: "TypeError", error: "connection refused" };
  expect(said()).toEqual([
    { level: "warn", message: "the origin failed", fields: { ...fields, count: 1 } },
    { level: "warn", message: "the origin failed", fields: { ...fields, count: 3 } },
  ]);
});

test("a client that has gone away is no fault of the origin", async () => {
  const gone = new AbortController();
  const request = new Request(REQUEST, { signal: gone.signal });
  const send = async (): Promise<Response> => {
    gone.abort();
    throw new Error("Network connection lost.");
  };
  await createFetchProxy({ ...OPTIONS, logger, send, timeoutMs: 1000 })(request, CLIENT);
  expect(logger.lines).toEqual([]);
});

test("an origin that takes too long is a 504, and what it does after that changes nothing", async () => {
  const origin = Promise.withResolvers<Response>();
  const answered = proxy(async () => origin.promise);
  await vi.advanceTimersByTimeAsync(1000);
  expect((await answered).status).toBe(504);
  expect(logger.lines.find(({ level }) => level === "warn")?.fields).toMatchObject({
    kind: "timeout",
    error: "the origin did not answer in 1000 ms",
  });
  origin.reject(new Error("reset"));
});

test("a request that was here twice is a 508, and is not sent", async () => {
  const send = vi.fn<() => Promise<Response>>(refuse);
  const handle = createFetchProxy({ ...OPTIONS, logger, send, timeoutMs: 1000 });
  const headers = { via: `1.1 ${VIA}, 1.1 ${VIA}` };
  const { status } = await handle(new Request(REQUEST, { headers }), CLIENT);
  expect([status, send.mock.calls.length]).toEqual([508, 0]);
  expect(logger.lines.find(({ level }) => level === "warn")).toMatchObject({
    message: "the origin failed",
    fields: { path: "legacy", kind: "loop" },
  });
});
