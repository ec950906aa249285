import type { Holder } from "@edgezero/stores/coordination";
import type { StoredValues } from "@edgezero/stores/operator-store";
import type { JudgedChange } from "./change/judge-change.ts";

/** The facts of each kind of fault. */
export interface OperationFacts {
  /** Refused: the store no longer holds the values that were shown. */
  readonly "changed-meanwhile": { readonly shown: StoredValues; readonly found: StoredValues };
  /** Refused: someone has rolled back since the operation began. `why` says who, and when. */
  readonly "rolled-back-meanwhile": { readonly why: string };
  /** Refused: the plan does not allow it now. */
  readonly "against-plan": JudgedChange;
  readonly "lock-held": { readonly holder: Holder; readonly location: string };
  readonly "lock-broken": {
    readonly location: string;
    readonly why: string;
    /** Whether the store keeps the lock, and did not give it. */
    readonly isStoreFault: boolean;
  };
  readonly "journal-broken": { readonly location: string; readonly why: string };
  readonly "not-written": { readonly values: StoredValues | null; readonly why: string };
  readonly unverified: { readonly values: StoredValues | null; readonly why: string };
  readonly "not-recorded": {
    readonly values: StoredValues;
    readonly location: string;
    readonly why: string;
  };
}

/** The kind of a fault of an operation. */
export type OperationErrorKind = keyof OperationFacts;

/** Each kind of fault: whether the store holds the change, and the meaning in one line. */
export const OPERATION_FAULTS: Readonly<
  Record<
    OperationErrorKind,
    { readonly written: "no" | "yes" | "unknown"; readonly meaning: string }
  >
> = {
  "changed-meanwhile": { written: "no", meaning: "the store holds other values by now" },
  "rolled-back-meanwhile": { written: "no", meaning: "a rollback came first" },
  "against-plan": { written: "no", meaning: "the plan does not allow it now" },
  "lock-held": { written: "no", meaning: "another change is under way" },
  "lock-broken": { written: "no", meaning: "the lock cannot be used" },
  "journal-broken": { written: "no", meaning: "the journal cannot be used" },
  "not-written": { written: "no", meaning: "the store did not take the change" },
  unverified: { written: "unknown", meaning: "the change was not found in the store afterwards" },
  "not-recorded": { written: "yes", meaning: "the change was made, but could not be recorded" },
};

/** A change that was refused or did not succeed. */
export class OperationError<Kind extends OperationErrorKind = OperationErrorKind> extends Error {
  override readonly name = "OperationError";
  readonly kind: Kind;
  readonly facts: OperationFacts[Kind];

  constructor(kind: Kind, facts: OperationFacts[Kind], cause?: unknown) {
    super(OPERATION_FAULTS[kind].meaning, { cause });
    this.kind = kind;
    this.facts = facts;
  }
}
