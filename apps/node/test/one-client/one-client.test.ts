import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import { startProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import type { Attack, Attacked } from "./attacker.ts";
import { COLLECTS_ON_REQUEST, heldMegabytes, peakMegabytes, settledMegabytes } from "./memory.ts";
import type { OriginOrder, OriginReport } from "./origin.ts";
import type { OtherOrder, Seen } from "./other-client.ts";
import type { Part } from "./part.ts";
import { startPart } from "./part.ts";

/** The whole attack, as a report needs it; otherwise as much as fits into a run of all tests. */
const FULL = process.env["ATTACK"] === "full";
/** The address of the attacker. Others come from another one. */
const ATTACKER = "127.0.0.2";
const OTHER = "127.0.0.3";
const LONGEST_WAIT_MS = 500;
/** Memory more than before: that may stay when the attack is over, and that it may ever take. */
const MOST_HELD_MEGABYTES = 50;
const MOST_MEGABYTES = 150;
const MAX_AT_ORIGIN = 64;

// On a busy machine, starts and the warm-up take several times their time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 180_000 });

// Origin, attacker and other client are processes of their own: what is measured is the gateway's.
let origin: Part<OriginOrder, OriginReport>;
let attacker: Part<Attack, Attacked>;
let other: Part<OtherOrder, Seen>;
/** Asks the origin itself, so that it sees what the machine does to every connection. */
let control: Part<OtherOrder, Seen>;
let gateway: ProxiedGateway;
let originUrl: string;

beforeEach(async () => {
  origin = startPart("origin.ts");
  attacker = startPart("attacker.ts");
  other = startPart("other-client.ts");
  control = startPart("other-client.ts");
  const { url } = await origin.ask({ kind: "listen" });
  originUrl = url;
  gateway = await startProxiedGateway(url, url, {
    ORIGIN_MAX_CONNECTIONS: String(MAX_AT_ORIGIN),
    ...COLLECTS_ON_REQUEST,
  });
  // Memory that the gateway has after ordinary requests is not the attack's.
  const few = { kind: "answered", requests: 50 } as const;
  for (let i = 0; i < 5; i++) await launch(OTHER, 50, 0, few);
});

afterEach(async () => {
  await Promise.all([attacker.end(), other.end(), control.end()]);
  await gateway.stopCleanly();
  await origin.end();
});

async function launch(
  address: string,
  connections: number,
  staysMs: number,
  way: Attack["with"],
): Promise<Attacked> {
  return attacker.ask({ port: gateway.port, address, connections, staysMs, with: way });
}

interface Outcome extends Seen {
  readonly mostConnections: number;
  /** The longest wait of the control, in milliseconds. */
  readonly machineWorst: number;
  /** Memory beyond that of before: at most, and of what is left without garbage. */
  readonly peakMegabytes: number;
  readonly heldMegabytes: number;
}

/** What another client sees while an attack runs and for a while after it, and what it leaves. */
async function attack(
  connections: number,
  staysMs: number,
  way: Attack["with"],
  behaviour: { readonly delayMs?: number; readonly bytes?: number } = {},
): Promise<Outcome & Attacked> {
  const memoryBefore = await heldMegabytes(gateway);
  await origin.ask({ kind: "serve", attacker: ATTACKER, delayMs: 0, bytes: 2, ...behaviour });
  const pids = [gateway.child.pid ?? 0, origin.pid];
  await other.ask({ kind: "start", url: gateway.url, address: OTHER, path: "edgezero", pids });
  await control.ask({
    kind: "start",
    url: originUrl,
    address: OTHER,
    path: null,
    pids: [origin.pid],
  });
  const attacked = await launch(ATTACKER, connections, staysMs, way);
  await wait(500);
  const seen = await other.ask({ kind: "stop" });
  const machine = await control.ask({ kind: "stop" });
  const mayHold = memoryBefore + MOST_HELD_MEGABYTES;
  const { mostConnections } = await origin.ask({ kind: "report" });
  const outcome = {
    ...attacked,
    ...seen,
    mostConnections,
    machineWorst: machine.worst,
    peakMegabytes: peakMegabytes(gateway) - memoryBefore,
    heldMegabytes: (await settledMegabytes(gateway, mayHold)) - memoryBefore,
  };
  if (FULL) process.stdout.write(`${JSON.stringify({ connections, way, ...outcome })}\n`);
  return outcome;
}

function expectUnharmed(outcome: Outcome): void {
  const { worst, worstServed, machineWorst, statuses, answers } = outcome;
  expect(statuses).toEqual([200]);
  expect(answers).toBeGreaterThan(5);
  // A stop of the whole machine shows only in what the control had to wait.
  expect(Math.min(worstServed, worst - machineWorst)).toBeLessThan(LONGEST_WAIT_MS);
  expect(outcome.peakMegabytes).toBeLessThan(MOST_MEGABYTES);
  expect(outcome.heldMegabytes).toBeLessThan(MOST_HELD_MEGABYTES);
}

const QUICK = 0;
const SLOW = 100;

describe.each([
  { connections: 1, requests: 10_000, originMs: QUICK },
  { connections: 1, requests: 10_000, originMs: SLOW },
  { connections: 20, requests: 5000, originMs: QUICK },
  { connections: 20, requests: 5000, originMs: SLOW },
])("$connections × $requests requests without waiting, to an origin of $originMs ms", (given) => {
  test("harm nobody else, and the origin sees one connection more for each", async () => {
    const { connections, requests, originMs } = given;
    const outcome = await attack(
      connections,
      FULL ? 10_000 : 1000,
      { kind: "pipelined", requests },
      { delayMs: originMs },
    );
    expectUnharmed(outcome);
    // The warm-up has left some, which are used again.
    expect(outcome.mostConnections).toBeLessThanOrEqual(connections + 1);
  });
});

const CLIENTS = FULL ? 2000 : 300;
const staysMs = FULL ? 10_000 : 1500;

describe(`${CLIENTS} clients that keep what they have`, () => {
  test("slow uploads: others are served", async () => {
    const outcome = await attack(CLIENTS, staysMs, { kind: "slow-uploads" });
    expect(outcome.mostOpen).toBe(CLIENTS);
    expectUnharmed(outcome);
  });

  // More than the kernel keeps for one connection, so that each reader holds its connection to the
  // origin. With answers that it keeps, as of 2 MB, 2,000 readers use up the memory that Linux has
  // for all connections of a machine with 24 GB (net.ipv4.tcp_mem): then all of them wait, also those
  // that do not go through the gateway.
  test("readers that do not read: others are served", async () => {
    const bytes = 20_000_000;
    // The engine keeps up to 64 MB of chunks that are dead, whoever reads.
    await origin.ask({ kind: "serve", attacker: ATTACKER, delayMs: 0, bytes });
    await launch(ATTACKER, 20, 2000, { kind: "pipelined", requests: 5 });
    const outcome = await attack(CLIENTS, 10_000, { kind: "unread-answers" }, { bytes });
    expect(outcome.mostOpen).toBe(CLIENTS);
    expectUnharmed(outcome);
  });
});
