import { recordText } from "@edgezero/operations/change/judge-change";
import { holderText, removalText } from "@edgezero/operations/change/take-lock";
import type { OperationErrorKind, OperationFacts } from "@edgezero/operations/operation-error";
import type { OperationError } from "@edgezero/operations/operation-error";
import { valuesText } from "@edgezero/operations/reading";
import { describeVerdict } from "@edgezero/progression/plan";
import type { ExitName } from "./exit-codes.ts";

/** The end of a command because of a fault. */
export interface FaultWords {
  readonly exit: ExitName;
  readonly message: string;
  readonly hint: string | null;
  /** Facts for the JSON document. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** Exit code and words of one kind of fault, by its facts. */
interface Row<Facts> {
  readonly exit: ExitName | ((facts: Facts) => ExitName);
  readonly message: (facts: Facts) => string;
  readonly hint?: (facts: Facts) => string;
  readonly details?: (facts: Facts) => Readonly<Record<string, unknown>>;
}

const LOOK_AGAIN = "Nothing was written. Look again, then decide again.";

/** The one table from kinds of faults to exit codes and words. */
const ROWS: { readonly [Kind in OperationErrorKind]: Row<OperationFacts[Kind]> } = {
  "changed-meanwhile": {
    exit: "refused",
    message: ({ shown, found }) =>
      `the store has changed meanwhile: from ${valuesText(shown)} to ${valuesText(found)}`,
    hint: () => LOOK_AGAIN,
  },
  "rolled-back-meanwhile": {
    exit: "refused",
    message: ({ why }) => why,
    hint: () => LOOK_AGAIN,
  },
  "against-plan": {
    exit: "refused",
    message: ({ verdict, toPct }) => describeVerdict(verdict, toPct),
    hint: ({ toPct, ...judged }) =>
      `Nothing was written to the store.${recordText(judged)} Keep to the plan, or put ${toPct}% in force now with --force --reason <why>.`,
    details: ({ verdict: { nextStagePct, leftMs, isDated } }) => ({
      nextStagePct,
      holdLeftMs: leftMs,
      isHoldDated: isDated,
    }),
  },
  "lock-held": {
    exit: "lock-held",
    message: ({ holder }) => `another change is under way: ${holderText(holder)}`,
    hint: ({ location }) =>
      `Nothing was written. Try again when it is done; \`rollback\` never waits for it. If no one is at work, ${removalText(location)}`,
    details: ({ holder }) => ({ holder }),
  },
  "lock-broken": {
    exit: ({ isStoreFault }) => (isStoreFault ? "store-unavailable" : "audit-broken"),
    message: ({ location, why }) => `the lock ${location} cannot be used: ${why}`,
    hint: () => "Nothing was written. `rollback` works without it.",
  },
  "journal-broken": {
    exit: "audit-broken",
    message: ({ location, why }) => `the audit trail ${location} cannot be used: ${why}`,
    hint: () => "Nothing was written. `rollback` works without the trail.",
  },
  "not-written": {
    exit: "not-written",
    message: ({ why }) => `not written: ${why}`,
    hint: () => "Run `edgezero-rollout status`.",
    details: ({ values }) => ({ values }),
  },
  unverified: {
    exit: "unverified",
    message: ({ why }) => `WRITTEN, BUT NOT VERIFIED: ${why}`,
    hint: () => "Run `edgezero-rollout status`.",
    details: ({ values }) => ({ values }),
  },
  "not-recorded": {
    exit: "audit-broken",
    message: ({ location, why }) =>
      `written and read back, but not recorded in ${location}: ${why}`,
    details: ({ values }) => ({ values }),
  },
};

/** Exit code and words of a fault. */
export function wordsOf<Kind extends OperationErrorKind>({
  kind,
  facts,
}: OperationError<Kind>): FaultWords {
  const row: Row<OperationFacts[Kind]> = ROWS[kind];
  return {
    exit: typeof row.exit === "string" ? row.exit : row.exit(facts),
    message: row.message(facts),
    hint: row.hint?.(facts) ?? null,
    details: row.details?.(facts) ?? {},
  };
}
