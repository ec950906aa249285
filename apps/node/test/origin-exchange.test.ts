import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "@edgezero/rollout";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { GatewayResponse } from "../src/routing/response.ts";
import { createOriginsCounts } from "../src/origin/counts.ts";
import type { OriginProxy } from "../src/origin/proxy.ts";
import { createOriginsFaults } from "../src/origin/faults.ts";
import { createOriginProxy } from "../src/origin/proxy.ts";
import { OriginResponse } from "../src/origin/response.ts";
import { sendAnswer } from "../src/origin/send-answer.ts";
import type { RawUpstream } from "@edgezero/testbed/upstream";
import { startRawUpstream } from "@edgezero/testbed/upstream";

const KB = 1024;

let origin: RawUpstream;
let proxy: OriginProxy;
let logged: unknown[] = [];
let connection: Socket;

const ignore = (): void => {};
const logger: Logger = {
  debug: (...line) => void logged.push(line),
  info: ignore,
  warn: ignore,
  error: ignore,
};

beforeAll(async () => {
  origin = await startRawUpstream();
  const counts = createOriginsCounts();
  const times = { timeoutMs: 5000, queueTimeoutMs: 5000, maxAgeMs: 60_000 };
  const options = {
    ...times,
    clientTimeoutMs: 5000,
    maxConnections: 10,
    headerRules: {
      isTrusted: () => false,
      originHost: "origin" as const,
      sourceOf: () => "everyone" as const,
    },
    faults: createOriginsFaults(counts, logger).legacy,
  };
  proxy = createOriginProxy(new URL(origin.url), counts.legacy, options);
});

beforeEach(() => {
  logged = [];
});

afterAll(async () => {
  await Promise.all([proxy.close(), origin.close()]);
});

/** Sends an origin's answer to a client that takes nothing: its response has no connection. */
async function answerTo(answer: string, body = Buffer.alloc(0)): Promise<GatewayResponse> {
  origin.handler = (socket) => {
    connection = socket;
    socket.once("data", () => socket.write(Buffer.concat([Buffer.from(answer, "latin1"), body])));
  };
  const incoming = new IncomingMessage(new Socket());
  incoming.url = "/";
  const outgoing = new GatewayResponse(incoming);
  const client = { ip: null, incoming, outgoing };
  const response = await proxy.handle(new Request("http://site.example/"), client);
  expect(response).toBeInstanceOf(OriginResponse);
  if (response instanceof OriginResponse) sendAnswer(response, outgoing);
  return outgoing;
}

describe.each([
  ["whose length nobody said", ""],
  ["with content-length", `content-length: ${71 * KB}\r\n`],
])("while the client does not take a body %s", (_, header) => {
  const head = `HTTP/1.1 200 OK\r\nconnection: close\r\n${header}\r\n`;

  test("an origin that resets breaks off that one response", async () => {
    const outgoing = await answerTo(head, Buffer.alloc(70 * KB));
    await expect.poll(() => outgoing.writableNeedDrain).toBe(true);
    connection.resetAndDestroy();
    await expect.poll(() => outgoing.isBrokenOff).toBe(true);
    expect(outgoing.destroyed).toBe(true);
    expect(logged).toMatchObject([["origin failed", { path: "legacy", kind: "reset" }]]);
  });

  test("an origin that has sent all of it may close its connection", async () => {
    const outgoing = await answerTo(head, Buffer.alloc(70 * KB));
    await expect.poll(() => outgoing.writableNeedDrain).toBe(true);
    connection.end(Buffer.alloc(KB));
    await wait(100);
    // The client takes what there was, and what comes next is too much again.
    outgoing.emit("drain");
    await expect.poll(() => outgoing.writableEnded).toBe(true);
    expect([outgoing.isBrokenOff, logged]).toEqual([false, []]);
  });
});

test.each([204, 304])("a %i is whole, whatever length it gives", async (status) => {
  const outgoing = await answerTo(`HTTP/1.1 ${status} x\r\ncontent-length: 17\r\n\r\n`);
  await expect.poll(() => connection.destroyed).toBe(true);
  expect([outgoing.writableEnded, outgoing.isBrokenOff, outgoing.destroyed]).toEqual([
    true,
    false,
    false,
  ]);
});
