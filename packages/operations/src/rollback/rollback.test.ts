import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "@edgezero/stores/open-operator-store";
import type { OperatorStore } from "@edgezero/stores/operator-store";
import { StoreError, StoreSetupError } from "@edgezero/stores/operator-store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openFileJournal } from "../journal/file/file-journal.ts";
import type { Journal } from "../journal/journal.ts";
import { coordinationOf } from "../operation.ts";
import { watchForZero } from "../probe/watch-for-zero.ts";
import { proveZero } from "./prove-zero.ts";
import { recordRollback } from "./record-rollback.ts";
import { rollbackOutcome } from "./report.ts";
import type { RollbackEvent, RollbackRequest } from "./rollback.ts";
import { rollback } from "./rollback.ts";
import { writeZero, writtenOf } from "./write-zero.ts";
import { zeroChanges } from "./zero.ts";

const AT_10 = { edgezero_enabled: "true", edgezero_rollout_pct: "10" };
const AT_0 = { ...AT_10, edgezero_rollout_pct: "0" };
const SECRET = "hunter22";

let folder: string;
let journal: Journal;
let servers: Server[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-rollback-"));
  journal = openFileJournal(join(folder, "trails", "audit.jsonl"));
  servers = [];
  put(AT_10);
});
afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
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

/** A gateway that answers each request with a path, by the number of the request from 1. */
async function gateway(pathOf: (number: number) => "legacy" | "edgezero"): Promise<string> {
  let number = 0;
  const server = createServer((_, response) => {
    response.setHeader("x-edgezero-path", pathOf(++number)).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function request(parts: Partial<RollbackRequest> = {}): RollbackRequest {
  return {
    open,
    location: "file:***",
    openJournal: async () => journal,
    disable: false,
    who: "ann@test",
    reason: `errors on ${SECRET}`,
    urls: [],
    needed: 5,
    timeoutMs: 30_000,
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
  test("without a gateway: zero is written, read back, recorded, and leaves a mark", async () => {
    const report = await rollback(request());
    expect(report).toMatchObject({
      outcome: "verified",
      write: { attempts: 1, fault: null },
      reading: { values: AT_0 },
      ways: [],
      overwritten: null,
      journal: { location: journal.location, fault: null },
    });
    expect(await stored()).toEqual(AT_0);
    expect((await journal.read()).entries).toMatchObject([
      { kind: "intent", command: "rollback", from: null, reason: "errors on ***" },
      { kind: "result", result: "verified", values: AT_0 },
    ]);
    expect(await journal.coordination.mark.read()).toBeNull();
    expect(await (await open()).coordination?.mark.read()).toContain("ann@test");
  });

  test("the report is plain data", async () => {
    const report = await rollback(request({ urls: [await gateway(() => "legacy")] }));
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  test("with a gateway: the write and the proof are recorded apart", async () => {
    const url = await gateway((number) => (number <= 2 ? "edgezero" : "legacy"));
    const { outcome, ways } = await rollback(request({ urls: [url] }));
    expect(outcome).toBe("verified");
    expect(ways).toMatchObject([{ url, isZero: true, edgezero: 2 }]);
    expect(await results()).toEqual(["written", "verified"]);
  });

  test("while the proof goes on, the journal has the write", async () => {
    const during = Promise.withResolvers<string[]>();
    const url = await gateway(() => "edgezero");
    const running = rollback(request({ urls: [url], timeoutMs: 3000 }));
    const look = async (): Promise<void> => {
      const found = await results();
      if (found.length > 0) during.resolve(found);
      else setTimeout(look, 20);
    };
    await look();
    expect(await during.promise).toEqual(["written"]);
    const { outcome, ways } = await running;
    expect({ outcome, isZero: ways[0]?.isZero }).toEqual({ outcome: "unverified", isZero: false });
    expect(await results()).toEqual(["written", "unverified"]);
  });

  test("a value that is raised during the proof is not taken for zero", async () => {
    const url = await gateway(() => "legacy");
    const report = await rollback(
      request({
        urls: [url],
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
    expect(report).toMatchObject({ outcome: "verified", write: { attempts: 3 } });
    expect(events).toEqual([
      { kind: "retrying", fault: "down 1" },
      { kind: "retrying", fault: "down 2" },
      { kind: "proving" },
    ]);
  });

  test("until the time is up is not written, which the journal says", async () => {
    const report = await rollback(
      request({ open: async () => ({ ...(await open()), overwrite: down }), timeoutMs: 300 }),
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
    expect(report.outcome).toBe("verified");
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
    expect(report).toMatchObject({ outcome: "verified", journal: { fault } });
    expect(await stored()).toEqual(AT_0);
  });

  test("a lock is not waited for, which the journal says", async () => {
    const { coordination } = await open();
    await coordination?.lock.take("bob@desk", "set");
    expect((await rollback(request())).outcome).toBe("verified");
    expect((await journal.read()).entries).toMatchObject([
      { note: "lock-not-waited-for", detail: expect.stringContaining("bob@desk") },
      { kind: "intent" },
      { kind: "result", result: "verified" },
    ]);
  });
});

test("a caller takes the two steps apart, and journals each", async () => {
  const urls = [await gateway(() => "legacy"), await gateway(() => "legacy")];
  const { signal } = new AbortController();
  const to = zeroChanges(true);
  const { write, store } = await writeZero({ open, to, who: "controller", signal });
  const coordination = coordinationOf(store, journal);
  const record = { journal, coordination, location: "test:", to, reason: null, who: "controller" };
  const recorder = recordRollback({ ...record, safe: String });
  const fenced = recorder.wrote(write, true);
  await fenced;
  const written = Promise.resolve(writtenOf(write));
  const watching = Promise.all(
    urls.map((url) => watchForZero(url, write.startedAt ?? 0, 5, written, signal)),
  );
  const proof = await proveZero({ store, write, to, watching, fenced });
  const outcome = rollbackOutcome(write, proof);
  const course = { ...proof, location: "test:", outcome, write, needed: 5, totalMs: 0 };
  expect(await recorder.ended(course)).toBeNull();
  expect(outcome).toBe("verified");
  expect(await stored()).toEqual({ edgezero_enabled: "false", edgezero_rollout_pct: "0" });
  expect(await results()).toEqual(["written", "verified"]);
});
