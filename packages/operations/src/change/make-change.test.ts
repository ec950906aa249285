import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "@edgezero/stores/open-operator-store";
import type { OperatorStore } from "@edgezero/stores/operator-store";
import { StoreError } from "@edgezero/stores/operator-store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RUNBOOK_PLAN } from "@edgezero/progression/plan";
import { noteOf } from "../journal/entry.ts";
import { openFileJournal } from "../journal/file/file-journal.ts";
import type { Journal } from "../journal/journal.ts";
import type { Operation } from "../operation.ts";
import { beginOperation } from "../operation.ts";
import type { OperationErrorKind } from "../operation-error.ts";
import { OPERATION_FAULTS, OperationError } from "../operation-error.ts";
import type { ChangeRequest } from "./make-change.ts";
import type { PlanGate } from "./judge-change.ts";
import { makeChange } from "./make-change.ts";

const AT_10 = { edgezero_enabled: "true", edgezero_rollout_pct: "10" };
const AT_50 = { ...AT_10, edgezero_rollout_pct: "50" };
const SECRET = "hunter22";

let folder: string;
let store: OperatorStore;
let journal: Journal;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-change-"));
  put(AT_10);
  store = await openStore(`file:${join(folder, "rollout.json")}`, {});
  journal = openFileJournal(join(folder, "rollout.audit.jsonl"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(values: Readonly<Record<string, string>>): void {
  writeFileSync(join(folder, "rollout.json"), JSON.stringify(values));
}

const stored = (): unknown => JSON.parse(readFileSync(join(folder, "rollout.json"), "utf8"));

const safe = (text: string): string => text.replaceAll(SECRET, "***");

async function begin(parts: Partial<Operation> = {}): Promise<Operation> {
  return beginOperation({ store, journal, who: "ann@test", safe, ...parts });
}

const TO_50: ChangeRequest = {
  command: "set",
  to: { edgezero_rollout_pct: "50" },
  reason: `stage 3 of ${SECRET}`,
  shown: AT_10,
};

test("a change is recorded before and after, read back, and leaves no lock", async () => {
  const operation = await begin();
  const { after, notes } = await makeChange(operation, TO_50);
  expect(after.values).toEqual(AT_50);
  expect(notes).toEqual([]);
  expect(stored()).toEqual(AT_50);
  expect((await journal.read()).entries).toMatchObject([
    { kind: "intent", command: "set", who: "ann@test", from: AT_10, reason: "stage 3 of ***" },
    { kind: "result", result: "written", values: AT_50, detail: null },
  ]);
  expect(await operation.coordination.lock.holder()).toBeNull();
});

test("a change outside is a note, which the journal gets with the next change", async () => {
  await makeChange(await begin(), TO_50);
  put({ ...AT_10, edgezero_rollout_pct: "77" });
  const shown = await store.read();
  const { notes } = await makeChange(await begin(), { ...TO_50, shown });
  expect(notes).toMatchObject([{ kind: "outside-change" }]);
  expect((await journal.read()).entries[2]).toMatchObject({ note: "outside-change" });
});

interface Case {
  readonly name: string;
  readonly kind: OperationErrorKind;
  /** Happens after the operation has begun, and may give it other parts. */
  readonly meanwhile: (operation: Operation) => Promise<Partial<Operation> | void>;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly left?: unknown;
  readonly planGate?: PlanGate;
}

const down = async (): Promise<never> => {
  throw new StoreError(`down, by ${SECRET}`);
};

const CASES: readonly Case[] = [
  {
    name: "someone else has written",
    kind: "changed-meanwhile",
    meanwhile: async () => put({ ...AT_10, edgezero_rollout_pct: "20" }),
    facts: { shown: AT_10, found: { ...AT_10, edgezero_rollout_pct: "20" } },
    left: { ...AT_10, edgezero_rollout_pct: "20" },
  },
  {
    name: "someone has rolled back, though the values are as before",
    kind: "rolled-back-meanwhile",
    meanwhile: async ({ coordination }) => coordination.mark.leave("bob@desk"),
    facts: { why: expect.stringContaining("bob@desk") },
  },
  {
    name: "another holds the lock",
    kind: "lock-held",
    meanwhile: async ({ coordination }) => void (await coordination.lock.take("bob@desk", "init")),
    facts: { holder: expect.objectContaining({ who: "bob@desk", command: "init" }) },
  },
  {
    name: "the plan no longer allows it, since the hold began again",
    kind: "against-plan",
    planGate: { plan: RUNBOOK_PLAN, isForced: false },
    meanwhile: async ({ who }) =>
      journal.append([
        noteOf("hold-begun", { who, store: store.location, detail: "by bob", values: AT_10 }),
      ]),
    facts: { toPct: 50, verdict: expect.objectContaining({ why: "hold-not-over", isDated: true }) },
  },
  {
    name: "the lock is a link to nowhere",
    kind: "lock-broken",
    meanwhile: async ({ coordination }) => symlinkSync("nowhere", coordination.lock.location),
    facts: {
      why: expect.stringContaining("is a link, which is never followed here"),
      isStoreFault: false,
    },
  },
  {
    name: "the store that keeps the lock is down",
    kind: "lock-broken",
    meanwhile: async ({ coordination }) => ({
      coordination: { ...coordination, lock: { ...coordination.lock, take: down } },
    }),
    facts: { why: expect.stringContaining("down"), isStoreFault: true },
  },
  {
    name: "the journal is a folder",
    kind: "journal-broken",
    meanwhile: async () => mkdirSync(journal.location),
    facts: { location: expect.stringContaining("rollout.audit.jsonl") },
  },
  {
    name: "the store does not take it",
    kind: "not-written",
    meanwhile: async () => ({ store: { ...store, write: down } }),
    facts: { values: AT_10, why: "down, by ***" },
  },
  {
    name: "a rollback comes between the look and the write",
    kind: "not-written",
    meanwhile: async ({ coordination }) => ({
      journal: {
        ...journal,
        async append(entries) {
          await journal.append(entries);
          await coordination.mark.leave("bob@desk");
        },
      },
    }),
    facts: { values: AT_10, why: expect.stringContaining("bob@desk has rolled back") },
  },
  {
    name: "the store takes it and keeps another value",
    kind: "unverified",
    meanwhile: async () => ({ store: { ...store, write: async () => {} } }),
    facts: { values: AT_10, why: "another value was read back" },
  },
  {
    name: "the store cannot be read afterwards",
    kind: "unverified",
    meanwhile: async () => {
      let reads = 0;
      const read = async () => (++reads > 1 ? down() : store.read());
      return { store: { ...store, read } };
    },
    facts: { values: null, why: "down, by ***" },
    left: AT_50,
  },
  {
    name: "the journal fails after the write",
    kind: "not-recorded",
    meanwhile: async () => {
      let appends = 0;
      const append: Journal["append"] = async (entries) =>
        ++appends > 1 ? down() : journal.append(entries);
      return { journal: { ...journal, append } };
    },
    facts: { values: AT_50, location: expect.stringContaining("rollout.audit.jsonl") },
    left: AT_50,
  },
];

test("a mark that cannot be read is a fault of the store, and no rollback", async () => {
  const operation = await begin();
  const { coordination } = operation;
  const mark = { ...coordination.mark, read: down };
  const changing = makeChange({ ...operation, coordination: { ...coordination, mark } }, TO_50);
  await expect(changing).rejects.toThrow(StoreError);
  expect(stored()).toEqual(AT_10);
  expect(await coordination.lock.holder()).toBeNull();
});

describe("a change fails with its kind and its facts", () => {
  test.each(CASES)(
    "$name: $kind",
    async ({ kind, meanwhile, facts, left = AT_10, planGate = null }) => {
      const operation = await begin();
      const parts = (await meanwhile(operation)) ?? {};
      const request = { ...TO_50, planGate };
      const fault = await makeChange({ ...operation, ...parts }, request).catch(
        (error: unknown) => error,
      );
      expect(fault).toBeInstanceOf(OperationError);
      expect(fault).toMatchObject({ kind, facts, message: OPERATION_FAULTS[kind].meaning });
      expect(stored()).toEqual(left);
      const isWritten = JSON.stringify(left) === JSON.stringify(AT_50);
      expect(OPERATION_FAULTS[kind].written).toMatch(isWritten ? /yes|unknown/ : /no|unknown/);
    },
  );
});
