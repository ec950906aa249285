import type { Duplex } from "node:stream";
import { duplexPair } from "node:stream";
import type { ConfigStore } from "@edgezero/rollout";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createUpgradeCloser } from "./upgrade-closer.ts";

const CLOSE = "880203e9";
/** A text of two bytes. */
const FRAME = Buffer.from([0x81, 2, 0x68, 0x69]);

let values: Record<string, string> | null;
let reads = 0;
const configStore: ConfigStore = {
  get(key) {
    reads++;
    if (values === null) throw new Error("the store is down");
    return values[key] ?? null;
  },
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  values = enabledAt("100");
  reads = 0;
});

afterEach(() => vi.useRealTimers());

function enabledAt(pct: string): Record<string, string> {
  return { edgezero_enabled: "true", edgezero_rollout_pct: pct };
}

/** An upgrade that the closer has, and what its client has received, in hexadecimal digits. */
function follow(isWebSocket = true) {
  const [client, browser] = duplexPair();
  const [origin, server] = duplexPair();
  const received: Buffer[] = [];
  browser.on("data", (chunk: Buffer) => received.push(chunk));
  origin.pipe(client);
  client.on("finish", () => client.destroy());
  const add = createUpgradeCloser(configStore);
  add({ client, origin, isWebSocket });
  return { add, client, server, received: () => Buffer.concat(received).toString("hex") };
}

/** Lets the closer look at the config, and what it does about that come about. */
async function look(times = 1): Promise<void> {
  for (let i = 0; i < times; i++) {
    await vi.advanceTimersByTimeAsync(250);
    await flushed();
  }
}

async function flushed(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}

async function send(server: Duplex, bytes: Buffer): Promise<void> {
  server.write(bytes);
  await flushed();
}

describe("an upgrade stays open", () => {
  test.each([
    { what: "all go to EdgeZero", now: enabledAt("100") },
    { what: "some go to EdgeZero", now: enabledAt("1") },
    { what: "the config cannot be read", now: null },
  ])("while $what", async ({ now }) => {
    const { client, received } = follow();
    values = now;
    await look(10);
    expect([client.destroyed, received()]).toEqual([false, ""]);
    expect(reads).toBeGreaterThanOrEqual(10);
    client.destroy();
  });
});

describe("a rollback", () => {
  test.each([
    { what: "0 per cent", now: enabledAt("0") },
    { what: "disabled", now: { edgezero_enabled: "false" } },
    { what: "no percentage", now: { edgezero_enabled: "true" } },
    { what: "an invalid percentage", now: enabledAt("x") },
  ])("to $what closes a WebSocket at the next look", async ({ now }) => {
    const { client, server, received } = follow();
    await send(server, FRAME);
    values = now;
    await look();
    expect([client.destroyed, received()]).toEqual([true, FRAME.toString("hex") + CLOSE]);
  });

  test("does not write into a frame: what the client gets before is whole", async () => {
    const { client, server, received } = follow();
    await send(server, FRAME.subarray(0, 3));
    values = enabledAt("0");
    await look();
    expect(client.destroyed).toBe(false);
    await send(server, FRAME.subarray(3));
    await look();
    expect([client.destroyed, received()]).toEqual([true, FRAME.toString("hex") + CLOSE]);
  });

  test("does not wait for the end of a frame for longer than a second", async () => {
    const { client, server, received } = follow();
    await send(server, FRAME.subarray(0, 3));
    values = enabledAt("0");
    await look(2);
    expect(client.destroyed).toBe(false);
    await look();
    expect([client.destroyed, received()]).toEqual([true, "810268"]);
  });

  test("writes nothing to another protocol", async () => {
    const { client, server, received } = follow(false);
    await send(server, Buffer.from("hi"));
    values = enabledAt("0");
    await look();
    expect([client.destroyed, received()]).toEqual([true, "6869"]);
  });

  test("drops what an origin sends after it", async () => {
    const { server, received } = follow();
    values = enabledAt("0");
    await look();
    await send(server, FRAME);
    expect(received()).toBe(CLOSE);
  });
});

test("the config is asked only while an upgrade is open", async () => {
  const { add, client } = follow();
  const [second, browser] = duplexPair();
  const [origin] = duplexPair();
  browser.resume();
  add({ client: second, origin, isWebSocket: true });
  await look(2);
  client.destroy();
  await flushed();
  expect(vi.getTimerCount()).toBe(1);
  second.destroy();
  await flushed();
  expect(vi.getTimerCount()).toBe(0);
  const before = reads;
  await look(5);
  expect(reads).toBe(before);
  // One that is closed before it comes is not waited for.
  add({ client: second, origin, isWebSocket: true });
  expect(vi.getTimerCount()).toBe(0);
});
