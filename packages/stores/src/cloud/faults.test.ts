// Each fault of a network or a vendor ends within the limit, with success or an error, never with
// half a truth about what is stored.
import { messageOf } from "@edgezero/faults/faults";
import { assert, asyncProperty, constantFrom, array } from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { StoreError } from "../operator-store.ts";
import type { CloudStage } from "../../test/cloud-stage.ts";
import { CLOUDFLARE, FASTLY } from "../../test/cloud-stage.ts";
import type { Fault } from "@edgezero/testbed/cloud/fault-proxy";
import { LIMIT_MS as CALL_MS } from "./request.ts";

/** Twice what a store promises, since the machine may have other work. */
const LIMIT_MS = 20_000;
const BEFORE = { edgezero_enabled: "true", edgezero_rollout_pct: "50" };
const AFTER = { edgezero_enabled: "false", edgezero_rollout_pct: "0" };
const HTML = { "content-type": "text/html" };

const FAULTS: readonly (readonly [string, Fault])[] = [
  ["a connection that hangs", "hang"],
  ["a reset before the request arrives", "reset"],
  ["a reset instead of the answer", "reset-after"],
  ["an answer that is cut off", "truncate"],
  ["an answer that stalls", "stall"],
  ["500", { status: 500 }],
  ["502 of a proxy", { status: 502, headers: HTML, body: "<h1>Bad gateway</h1>" }],
  ["503 with Retry-After", { status: 503, headers: { "retry-after": "1" } }],
  ["429 with Retry-After in seconds", { status: 429, headers: { "retry-after": "1" } }],
  ["429 without Retry-After", { status: 429 }],
  ["200 that is not JSON", { status: 200, headers: HTML, body: "<h1>Log in</h1>" }],
  ["200 that is empty", { status: 200 }],
];
/** What a read of one value cannot know from a value: an answer of another server in its place. */
const UNKNOWABLE = new Set(["200 that is not JSON", "200 that is empty"]);

// Tests that wait for the whole limit do so together.
vi.setConfig({ maxConcurrency: 2 * FAULTS.length });

let stage: CloudStage;

interface Outcome {
  readonly error: string | null;
  readonly tookMs: number;
}

async function outcomeOf(action: Promise<unknown>): Promise<Outcome> {
  const startedAt = performance.now();
  const error = await action.then(
    () => null,
    (thrown: unknown) => {
      expect(thrown).toBeInstanceOf(StoreError);
      return messageOf(thrown);
    },
  );
  const tookMs = performance.now() - startedAt;
  expect(tookMs).toBeLessThan(LIMIT_MS);
  expect(error ?? "").not.toContain("t0ken");
  return { error, tookMs };
}

/** Whether a fault costs a second or more. */
function isSlow(fault: Fault): boolean {
  return typeof fault === "object"
    ? fault.headers?.["retry-after"] !== undefined
    : /hang|stall/.test(fault);
}

/** Whether an error's message is true of what is stored for this key. */
function isTrue(error: string | null, key: keyof typeof BEFORE): boolean {
  const stored = stage.stored()[key];
  if (error === null || error.includes(`${key} was written`)) return stored === AFTER[key];
  if (error.includes(`${key} may or may not`))
    return stored === AFTER[key] || stored === BEFORE[key];
  return stored === BEFORE[key];
}

describe.each([FASTLY, CLOUDFLARE])("$name store, when", ({ name, start }) => {
  beforeEach(async () => {
    stage = await start();
    stage.set(BEFORE);
  });
  afterEach(async () => stage.close());

  test.each(FAULTS)("%s comes once: reading and writing succeed", async (what, fault) => {
    stage.proxy.next.push(fault);
    const store = stage.open();
    expect(
      (await outcomeOf(store.overwrite({ edgezero_rollout_pct: "0" }, "ann"))).error,
    ).toBeNull();
    expect(stage.stored()).toEqual({ ...BEFORE, edgezero_rollout_pct: "0" });
    if (name === "Cloudflare" && UNKNOWABLE.has(what)) return;
    stage.proxy.next.push(fault);
    expect(await store.read()).toEqual({ ...BEFORE, edgezero_rollout_pct: "0" });
  });

  test.each([
    ["in seconds", (): string => "120", /try again in 120 s/],
    ["as a date", () => new Date(Date.now() + 60_000).toUTCString(), /try again in (5\d|60) s/],
  ])(
    "429 asks, %s, for more time than there is: an error at once, with that time",
    async (_, after, said) => {
      stage.proxy.afterwards = { status: 429, headers: { "retry-after": after() } };
      const { error, tookMs } = await outcomeOf(
        stage.open().overwrite({ edgezero_rollout_pct: "0" }, "ann"),
      );
      expect(error).toMatch(said);
      expect(error).toContain("was not written to");
      expect(tookMs).toBeLessThan(CALL_MS);
      expect(stage.proxy.connections).toBe(1);
      expect(stage.stored()).toEqual(BEFORE);
    },
  );

  test("429 asks for a second, it is waited for", async () => {
    stage.proxy.next.push({ status: 429, headers: { "retry-after": "1" } });
    const { error, tookMs } = await outcomeOf(
      stage.open().overwrite({ edgezero_rollout_pct: "0" }, "ann"),
    );
    expect(error).toBeNull();
    expect(tookMs).toBeGreaterThanOrEqual(1000);
  });

  test("the second key fails: the message says that the first was written", async () => {
    stage.proxy.next.push("pass");
    stage.proxy.afterwards = { status: 429, headers: { "retry-after": "99" } };
    const { error } = await outcomeOf(stage.open().overwrite(AFTER, "ann"));
    expect(error).toMatch(
      /^edgezero_enabled was written, but not all: edgezero_rollout_pct was not written to /,
    );
    expect(stage.stored()).toEqual({ ...BEFORE, edgezero_enabled: "false" });
  });

  test("faults come in any order: what is said of a write is true", async () => {
    const quick = FAULTS.map(([, fault]) => fault).filter((fault) => !isSlow(fault));
    const refusals: Fault[] = [{ status: 403 }, { status: 429, headers: { "retry-after": "99" } }];
    const faults = array(constantFrom<Fault>("pass", ...quick, ...refusals), { maxLength: 5 });
    await assert(
      asyncProperty(faults, async (sequence) => {
        stage.set(BEFORE);
        stage.proxy.next.splice(0, Infinity, ...sequence);
        const { error } = await outcomeOf(stage.open().overwrite(AFTER, "ann"));
        expect([error, isTrue(error, "edgezero_enabled")]).toEqual([error, true]);
        expect([error, isTrue(error, "edgezero_rollout_pct")]).toEqual([error, true]);
      }),
      { numRuns: 25 },
    );
  }, 240_000);
});

describe.each([FASTLY, CLOUDFLARE])("$name store, when without end", ({ name, start }) => {
  test.concurrent.each([...FAULTS, ["nothing listens", "closed"] as const])(
    "%s: a clear error within the limit",
    async (what, fault) => {
      const own = await start();
      own.set(BEFORE);
      if (fault === "closed") await own.proxy.close();
      else own.proxy.afterwards = fault;
      const [reading, writing] = await Promise.all([
        outcomeOf(own.open().read()),
        outcomeOf(own.open().overwrite({ edgezero_rollout_pct: "0" }, "ann")),
      ]);
      const isRead = name === "Cloudflare" && UNKNOWABLE.has(what);
      expect(isRead ? "cannot be read" : reading.error).toContain("cannot be read");
      // The time may be over in the middle of an attempt, which is then as uncertain as any.
      const isLimited = typeof fault === "object" && fault.status === 429;
      const uncertain = "may or may not have been written to";
      expect(writing.error).toMatch(
        new RegExp(`edgezero_rollout_pct (${uncertain}${isLimited ? "|was not written to" : ""})`),
      );
      if (fault !== "closed") await own.close();
    },
  );
});
