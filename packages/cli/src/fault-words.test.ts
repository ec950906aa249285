import type { Holder } from "@edgezero/stores/coordination";
import type { OperationErrorKind, OperationFacts } from "@edgezero/operations/operation-error";
import { OPERATION_FAULTS, OperationError } from "@edgezero/operations/operation-error";
import { gate, RUNBOOK_PLAN } from "@edgezero/progression/plan";
import { expect, test } from "vitest";
import { wordsOf } from "./fault-words.ts";

const VALUES = { edgezero_enabled: "true", edgezero_rollout_pct: "10" };
const HOLDER: Holder = { who: "bob", host: "desk", pid: 7, since: "2026-01-01", command: "set" };

const FACTS: OperationFacts = {
  "changed-meanwhile": { shown: VALUES, found: { ...VALUES, edgezero_rollout_pct: "20" } },
  "rolled-back-meanwhile": { why: "bob has rolled back meanwhile" },
  "against-plan": {
    verdict: gate(RUNBOOK_PLAN, { changes: [], present: 10, now: 0 }, 50),
    toPct: 50,
    isHoldBegun: true,
  },
  "lock-held": { holder: HOLDER, location: "/the/lock" },
  "lock-broken": { location: "/the/lock", why: "no space", isStoreFault: false },
  "journal-broken": { location: "/the/trail", why: "no space" },
  "not-written": { values: VALUES, why: "down" },
  unverified: { values: null, why: "down" },
  "not-recorded": { values: VALUES, location: "/the/trail", why: "no space" },
};
const KINDS = Object.keys(FACTS) as OperationErrorKind[];

test.each(KINDS)("the words of %s say what was written", (kind) => {
  const { message, hint } = wordsOf(new OperationError(kind, FACTS[kind]));
  const isNothing = /not written|[Nn]othing was written/.test(`${message}. ${hint}`);
  expect(isNothing).toBe(OPERATION_FAULTS[kind].written === "no");
});

test("exit codes", () => {
  const exits = KINDS.map((kind) => [kind, wordsOf(new OperationError(kind, FACTS[kind])).exit]);
  expect(Object.fromEntries(exits)).toEqual({
    "changed-meanwhile": "refused",
    "rolled-back-meanwhile": "refused",
    "against-plan": "refused",
    "lock-held": "lock-held",
    "lock-broken": "audit-broken",
    "journal-broken": "audit-broken",
    "not-written": "not-written",
    unverified: "unverified",
    "not-recorded": "audit-broken",
  });
});

test("a lock that the store itself does not give is no fault of the trail", () => {
  const facts = { ...FACTS["lock-broken"], isStoreFault: true };
  expect(wordsOf(new OperationError("lock-broken", facts)).exit).toBe("store-unavailable");
});
