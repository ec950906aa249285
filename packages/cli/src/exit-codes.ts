/** The name of an outcome. */
export type ExitName =
  | "ok"
  | "internal"
  | "usage"
  | "refused"
  | "lock-held"
  | "store-unavailable"
  | "not-written"
  | "unverified"
  | "disagree"
  | "audit-broken"
  | "unhealthy"
  | "cannot-tell"
  | "bad-plan"
  | "controller-unavailable"
  | "unanswered";

/** An exit code and its meaning. */
export interface Exit {
  readonly code: number;
  readonly meaning: string;
}

/** The one table of outcomes. JSON documents use the same names. */
export const EXIT_CODES: Readonly<Record<ExitName, Exit>> = {
  ok: { code: 0, meaning: "done; for `rollback` and `status --url`: proven by what is served" },
  internal: { code: 1, meaning: "a fault of this tool" },
  usage: { code: 2, meaning: "the command line, the config file or an input is not valid" },
  refused: { code: 3, meaning: "nothing was written: not confirmed, or against a rule" },
  "lock-held": { code: 4, meaning: "nothing was written: another operator holds the lock" },
  "store-unavailable": { code: 5, meaning: "the store cannot be reached, read or understood" },
  "not-written": { code: 6, meaning: "the store did not take the write" },
  unverified: { code: 7, meaning: "written, but not proven by what is served" },
  disagree: { code: 8, meaning: "what is served is not what is configured" },
  "audit-broken": { code: 9, meaning: "the audit trail is broken, or cannot be written" },
  unhealthy: { code: 10, meaning: "`doctor` found what needs fixing" },
  "cannot-tell": { code: 11, meaning: "cannot tell whether gateways serve the configured values" },
  "bad-plan": { code: 12, meaning: "the plan is not valid, or cannot work here" },
  "controller-unavailable": {
    code: 13,
    meaning: "the controller does not answer or does not serve this; a command was not carried out",
  },
  unanswered: {
    code: 14,
    meaning: "the controller did not answer a command, which may have been carried out",
  },
};
