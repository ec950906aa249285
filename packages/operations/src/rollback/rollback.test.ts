import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "@edgezero/stores/open-operator-store";
import type { OperatorStore, StoredValues } from "@edgezero/stores/operator-store";
import { StoreError, StoreSetupError } from "@edgezero/stores/operator-store";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { openFileJournal } from "../journal/file/file-journal.ts";
import type { Journal } from "../journal/journal.ts";
import { coordinationOf } from "../operation.ts";
import type { ProbedGateway } from "../../test/probed-gateway.ts";
import { startProbedGateway } from "../../test/probed-gateway.ts";
import type { WatchRequest } from "./begin-watch.ts";
import { beginWatch } from "./begin-watch.ts";
import { proveZero } from "./prove-zero.ts";
import { recordRollback } from "./record-rollback.ts";
import { headline, rollbackOutcome } from "./report.ts";
import type { RollbackEvent, RollbackRequest } from "./rollback.ts";
import { rollback } from "./rollback.ts";
import { claimOf, writeZero } from "./write-zero.ts";
import { zeroChanges } from "./zero.ts";

const AT_10 = { edgezero_enabled: "true", edgezero_rollout_pct: "10" };
const AT_0 = { ...AT_10, edgezero_rollout_pct: "0" };
const SECRET = "hunter22";

let folder: string;
let journal: Journal;
const gateways: ProbedGateway[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-rollback-"));
  journal = openFileJournal(join(folder, "trails", "audit.jsonl"));
  put(AT_10);
});
afterEach(() => {
  for (const { close } of gateways.splice(0)) close();
  rmSync(folder, { recursive: true });
});

function put(values: Readonly<Record<string, string>>): void {
  writeFileSync(join(folder, "rollout.json"), JSON.stringify(values));
}

const open = async (): Promise<OperatorStore> =>
  openStore(`file:${join(folder, "rollout.json")}`, {});

const down = async (): Promise<never> => {
  throw new StoreError("down");
};
const never = async (): Promise<never> => new Promise(() => {});

const stored = async (): Promise<unknown> => (await open()).read();

const fromStore = (): StoredValues =>
  JSON.parse(readFileSync(join(folder, "rollout.json"), "utf8")) as StoredValues;

/** A gateway that answers probes by the values that `values` gives; those of the store unless given. */
async function gateway(
  values: (number: number) => StoredValues | null = fromStore,
): Promise<string> {
  const started = await startProbedGateway(values);
  gateways.push(started);
  return started.url;
}

const MEANS = { instances: 1, isCounted: true, needed: 5 } as const;

function request(parts: Partial<RollbackRequest & WatchRequest> = {}): RollbackRequest {
  const watched = {
    urls: [],
    secret: "s".repeat(32),
    secretFinding: null,
    means: MEANS,
    timeoutMs: 30_000,
  };
  return {
    watch: beginWatch({ ...watched, ...parts }),
    open,
    location: "file:***",
    openJournal: async () => journal,
    disable: false,
    who: "ann@test",
    reason: `errors on ${SECRET}`,
    begunAt: performance.now(),
    safe: (text) => text.replaceAll(SECRET, "***"),
    ...parts,
  };
}

const results = async (): Promise<string[]> =>
  (await journal.read()).entries.flatMap((entry) =>
    entry.kind === "result" ? [entry.result] : [],
  );

describe("the course of a rollback", () => {
  test("without a gateway: zero is written, read back, recorded, leaves a mark, and is not verified", async () => {
    const report = await rollback(request());
    expect(headline(report)).toMatch(
      /^Rolled back in the store\. NOT verified: no gateway was named/,
    );
    expect(report).toMatchObject({
      outcome: "unverified",
      write: { attempts: 1, fault: null },
      reading: { values: AT_0 },
      gateways: [],
      overwritten: null,
      journal: { location: journal.location, fault: null },
    });
    expect(await stored()).toEqual(AT_0);
    expect((await journal.read()).entries).toMatchObject([
      { kind: "intent", command: "rollback", from: null, reason: "errors on ***" },
      { kind: "result", result: "unverified", values: AT_0 },
    ]);
    expect(await journal.coordination.mark.read()).toBeNull();
    expect(await (await open()).coordination?.mark.read()).toContain("ann@test");
  });

  test("the report is plain data", async () => {
    const report = await rollback(request({ urls: [await gateway()] }));
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  test("with a gateway: the write and the proof are recorded apart", async () => {
    const url = await gateway();
    const { outcome, gateways: found } = await rollback(request({ urls: [url] }));
    expect(outcome).toBe("verified");
    expect(found).toMatchObject([
      { url, isProven: true, judgedBy: "probe", instances: 1, open: 0 },
    ]);
    expect(found[0]?.changedAfterMs).toBeGreaterThan(0);
    expect(await results()).toEqual(["written", "verified"]);
  });

  test("while the proof goes on, the journal has the write", async () => {
    const during = Promise.withResolvers<string[]>();
    const url = await gateway(() => AT_10);
    const running = rollback(request({ urls: [url], timeoutMs: 10_000 }));
    const look = async (): Promise<void> => {
      const found = await results();
      if (found.length > 0) during.resolve(found);
      else setTimeout(look, 20);
    };
    await look();
    expect(await during.promise).toEqual(["written"]);
    const report = await running;
    expect(report).toMatchObject({ outcome: "unverified", gateways: [{ isProven: false }] });
    expect(headline(report)).toMatch(/this gateway reads another store: it serves epoch edf5d6bc/);
    expect(await results()).toEqual(["written", "unverified"]);
  });

  test("a value that is raised during the proof is not taken for zero", async () => {
    const report = await rollback(
      request({
        urls: [await gateway()],
        timeoutMs: 2000,
        onEvent: ({ kind }) => {
          if (kind === "proving") put(AT_10);
        },
      }),
    );
    expect(report).toMatchObject({
      outcome: "unverified",
      overwritten: "someone else has written since",
      reading: { values: AT_10 },
    });
  });
});

describe("a store that fails", () => {
  test("is tried again, and each fault is an event", async () => {
    const events: RollbackEvent[] = [];
    let attempts = 0;
    const report = await rollback(
      request({
        open: async () => {
          if (++attempts < 3) throw new StoreError(`down ${attempts}`);
          return open();
        },
        onEvent: (event) => void events.push(event),
      }),
    );
    expect(report).toMatchObject({ outcome: "unverified", write: { attempts: 3, fault: null } });
    expect(events).toEqual([
      { kind: "retrying", fault: "down 1" },
      { kind: "retrying", fault: "down 2" },
      { kind: "proving" },
    ]);
  });

  test("until the time is up is not written, which the journal says", async () => {
    const report = await rollback(
      request({ open: async () => ({ ...(await open()), overwrite: down }), timeoutMs: 2000 }),
    );
    expect(report).toMatchObject({
      outcome: "not-written",
      write: { takenAt: null, fault: "down" },
    });
    expect(await results()).toEqual(["failed"]);
  });

  test("without an answer is given up when the time is up", async () => {
    const report = await rollback(
      request({ open: async () => ({ ...(await open()), overwrite: never }), timeoutMs: 200 }),
    );
    expect(report).toMatchObject({
      outcome: "not-written",
      write: { fault: "Timed out; the store may still apply the write." },
    });
  });

  test("for good, since its URL is not valid, is not tried again, and nothing is recorded", async () => {
    const report = await rollback(
      request({
        open: async () => {
          throw new StoreSetupError("no such URL");
        },
      }),
    );
    expect(report).toMatchObject({
      location: "file:***",
      outcome: "not-written",
      write: { attempts: 1, startedAt: null, fault: "no such URL" },
    });
    expect((await journal.read()).entries).toEqual([]);
  });
});

describe("nothing holds the write up", () => {
  test("the journal is looked for only after it", async () => {
    let seen: unknown;
    const report = await rollback(
      request({
        async openJournal() {
          seen = await stored();
          return journal;
        },
      }),
    );
    expect(seen).toEqual(AT_0);
    expect(report.write.fault).toBeNull();
  });

  test.each([
    {
      name: "rejects",
      append: async (): Promise<never> => {
        throw new Error("no space");
      },
      fault: "no space",
    },
    {
      name: "hangs",
      append: never,
      fault: "no answer in 3000 ms",
    },
  ])("a journal that $name costs only the record", async ({ append, fault }) => {
    const report = await rollback(request({ openJournal: async () => ({ ...journal, append }) }));
    expect(report).toMatchObject({ write: { fault: null }, journal: { fault } });
    expect(await stored()).toEqual(AT_0);
  });

  test("a lock is not waited for, which the journal says", async () => {
    const { coordination } = await open();
    await coordination?.lock.take("bob@desk", "set");
    expect((await rollback(request())).write.fault).toBeNull();
    expect((await journal.read()).entries).toMatchObject([
      { note: "lock-not-waited-for", detail: expect.stringContaining("bob@desk") },
      { kind: "intent" },
      { kind: "result", result: "unverified" },
    ]);
  });
});

describe("the values before", () => {
  test("are read before the write, and a read that hangs does not hold it up", async () => {
    const { signal } = new AbortController();
    const parts = { to: zeroChanges(false), who: "ann", signal };
    const { write } = await writeZero({ open, ...parts });
    expect(write.before).toEqual({ kind: "epoch", epoch: "edf5d6bc" });
    put(AT_10);
    const real = await open();
    const reads: Promise<StoredValues>[] = [never(), real.read()];
    const hangs = { ...real, read: async () => reads.shift() ?? real.read() };
    const startedAt = performance.now();
    const late = await writeZero({ open: async () => hangs, ...parts });
    // Far more than it waits, since a machine may stand still.
    expect((late.write.startedAt ?? 0) - startedAt).toBeLessThan(5000);
    expect(late.write.before).toEqual({ kind: "unknown" });
  });
});

test("a gateway that hangs does not hold the write up", async () => {
  // It accepts connections, and answers none.
  const hanging = createServer().listen(0, "127.0.0.1");
  await once(hanging, "listening");
  const { port } = hanging.address() as AddressInfo;
  const urls = [`http://127.0.0.1:${port}/`];
  const delays: number[] = [];
  // Up to five times, since a busy machine is slow now and then.
  while (delays.length < 5 && !delays.some((delay) => delay < 80)) {
    put(AT_10);
    const startedAt = performance.now();
    const report = await rollback(request({ urls, timeoutMs: 2000 }));
    delays.push((report.write.startedAt ?? Infinity) - startedAt);
    expect(report.gateways[0]?.findings[0]?.kind).toBe("no-answer");
  }
  hanging.close();
  expect(Math.min(...delays)).toBeLessThan(80);
});

test("a gateway that does not tell of the change later is seen before the write", async () => {
  let wasSeen = false;
  const url = await gateway(() => {
    wasSeen = true;
    return fromStore();
  });
  const ready = await open();
  const parts = { urls: [url], means: { ...MEANS, instances: null, isCounted: false } };
  const seenAtWrite: boolean[] = [];
  const overwrite: OperatorStore["overwrite"] = async (...args) => {
    seenAtWrite.push(wasSeen);
    return ready.overwrite(...args);
  };
  // More than once, since a busy machine may not answer in the time that the write waits.
  for (let i = 0; i < 5 && !seenAtWrite.includes(true); i++) {
    put(AT_10);
    wasSeen = false;
    await rollback(request({ ...parts, open: async () => ({ ...ready, overwrite }) }));
  }
  expect(seenAtWrite).toContain(true);
});

test("proof by responses that do not tell instances apart says so", async () => {
  const { write, ...course } = await rollback(request());
  const [found] = await beginWatch({
    urls: ["http://192.0.2.1/"],
    secret: null,
    secretFinding: "none",
    means: MEANS,
    timeoutMs: 1,
  }).watching;
  if (found === undefined) throw new Error("no gateway");
  const said = (parts: Partial<typeof found>): string =>
    headline({
      ...course,
      write,
      outcome: "verified",
      gateways: [{ ...found, isProven: true, ...parts }],
    });
  expect(said({ judgedBy: "probe", instances: 4 })).toContain("every instance seen serves legacy");
  expect(said({ judgedBy: "probe", instances: null })).toContain("Others are unseen");
  expect(said({ judgedBy: "detail", instances: null })).toContain("do not tell instances apart");
});

test("someone who stops it gets what is written and seen by then", async () => {
  const stop = new AbortController();
  const report = await rollback(
    request({
      urls: [await gateway(() => AT_10)],
      stop: stop.signal,
      onEvent: ({ kind }) => {
        if (kind === "proving") stop.abort();
      },
    }),
  );
  expect(report).toMatchObject({ outcome: "unverified", reading: { values: AT_0 } });
  expect(headline(report)).toContain("NOT verified: ");
  expect(headline(report)).toContain("stopped before it was proven");
});

test.each([
  { name: "takes it", ms: 900, outcome: "unverified" },
  { name: "hangs", ms: 1100, outcome: "not-written" },
] as const)("someone who stops it during a write hears that the store $name", async (theCase) => {
  // By a clock of its own: the second that the write has left counts from the stop.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const stop = new AbortController();
  const slow = async (): Promise<OperatorStore> => {
    const store = await open();
    return {
      ...store,
      async overwrite(...args) {
        stop.abort();
        await vi.advanceTimersByTimeAsync(theCase.ms);
        if (theCase.outcome === "not-written") await never();
        await store.overwrite(...args);
      },
    };
  };
  const report = await rollback(request({ open: slow, stop: stop.signal }));
  expect(report.outcome).toBe(theCase.outcome);
  expect(await stored()).toEqual(theCase.outcome === "unverified" ? AT_0 : AT_10);
  expect(report.write.fault).toBe(
    theCase.outcome === "unverified" ? null : "Stopped; the store may still apply the write.",
  );
});

test("a secret that cannot be used holds up nothing, and proves nothing", async () => {
  const url = await gateway();
  const secretFinding = "EDGEZERO_PROBE_SECRET has 5 characters, not at least 32";
  const report = await rollback(request({ urls: [url], secret: null, secretFinding }));
  expect(headline(report)).toContain(secretFinding);
  expect(report).toMatchObject({ outcome: "unverified", reading: { values: AT_0 } });
});

test("a caller takes the two steps apart, and journals each", async () => {
  const urls = [await gateway(), await gateway()];
  const { signal } = new AbortController();
  const to = zeroChanges(true);
  const watched = { urls, secret: "s".repeat(32), secretFinding: null, means: MEANS };
  const { watching, expect: expectZero, end } = beginWatch({ ...watched, timeoutMs: 30_000 });
  const { write, store } = await writeZero({ open, to, who: "controller", signal });
  expectZero(claimOf(write));
  const coordination = coordinationOf(store, journal);
  const record = { journal, coordination, location: "test:", to, reason: null, who: "controller" };
  const recorder = recordRollback({ ...record, safe: String });
  const fenced = recorder.wrote(write, true);
  const proof = await proveZero({ store, write, to, watching, fenced });
  end();
  const outcome = rollbackOutcome(write, proof);
  const course = { ...proof, location: "test:", outcome, write, totalMs: 0 };
  expect(await recorder.ended(course)).toBeNull();
  expect(outcome).toBe("verified");
  expect(await stored()).toEqual({ edgezero_enabled: "false", edgezero_rollout_pct: "0" });
  expect(await results()).toEqual(["written", "verified"]);
});

test("a store that hangs at the last read ends the proof, and what is not known is said", async () => {
  const { signal } = new AbortController();
  const to = zeroChanges(false);
  const { write } = await writeZero({ open, to, who: "controller", signal });
  const hanging = { ...(await open()), read: async () => new Promise<never>(() => {}) };
  const options = { store: hanging, write, to, watching: Promise.resolve([]) };
  const proof = await proveZero({ ...options, fenced: Promise.resolve() });
  expect(proof.overwritten).toBe("could not be read again: no answer in 3000 ms");
  expect(rollbackOutcome(write, proof)).toBe("unverified");
});
