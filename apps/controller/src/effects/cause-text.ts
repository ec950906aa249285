import type { Effect } from "@edgezero/progression";

/** Why a rollback is made. */
export type RollbackCause = Extract<Effect, { readonly type: "write-zero" }>["cause"];

/** The reason of a rollback, for the trail: without a full stop. */
export function causeText(cause: RollbackCause): string {
  switch (cause.kind) {
    case "operator":
      return `asked for by ${cause.by}`;
    case "worse":
      return `EdgeZero is worse than the plan allows by the signal ${cause.signal}`;
    case "lasted":
      return `EdgeZero stayed worse than the plan allows by the signal ${cause.signal}`;
    case "no-data":
      return "there was no fresh data for as long as the plan allows, which does not say that EdgeZero is bad";
    case "outside":
      return "someone else wrote 0";
    default:
      return "unknown";
  }
}
