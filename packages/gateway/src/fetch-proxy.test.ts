import type { Logger } from "@edgezero/rollout";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createFetchProxy } from "./fetch-proxy.ts";

const CLIENT = { ip: "192.0.2.1" };
const REQUEST = new Request("http://gateway.example/");

const ignore = (): void => {};
const logger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

async function proxy(send: () => Promise<Response>, timeoutMs = 1000): Promise<Response> {
  return createFetchProxy({ path: "legacy", logger, send, timeoutMs: timeoutMs })(REQUEST, CLIENT);
}

test("passes on what the origin answers, and leaves no timer", async () => {
  const answer = new Response("body", { status: 418 });
  expect(await proxy(async () => answer)).toBe(answer);
  expect(vi.getTimerCount()).toBe(0);
});

test("an origin that cannot be reached is a 502, and leaves no timer", async () => {
  const { status } = await proxy(async () => {
    throw new TypeError("connection refused");
  });
  expect(status).toBe(502);
  expect(vi.getTimerCount()).toBe(0);
});

test("an origin that takes too long is a 504, and what it does after that changes nothing", async () => {
  const origin = Promise.withResolvers<Response>();
  const answered = proxy(async () => origin.promise);
  await vi.advanceTimersByTimeAsync(1000);
  expect((await answered).status).toBe(504);
  origin.reject(new Error("reset"));
});
