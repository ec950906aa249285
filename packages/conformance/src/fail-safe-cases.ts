import type { ConfigValues } from "@edgezero/testbed/contracts/config-store";
import type { RolloutPath, RolloutReason } from "@edgezero/rollout";
import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";

/** The content of a store: values, `null` for a missing store, or a key that cannot be read. */
export type StoreContent = ConfigValues | null | { readonly unreadable: string };

/** The expected decision for one content of the store. */
export interface FailSafeCase {
  /** The row of the fail-safe table that this case belongs to. */
  readonly row: string;
  readonly what: string;
  readonly store: StoreContent;
  readonly reason: RolloutReason;
  readonly rolloutPct: number;
  /** The client's bucket chooses it where `reason` is `bucket`. */
  readonly path: RolloutPath | "by bucket";
}

const ON = "true";

/** Every row of the fail-safe table, with examples of what a store may hold. */
export const FAIL_SAFE_CASES: readonly FailSafeCase[] = [
  legacy("store cannot be opened", "store missing", null, "store-unavailable"),
  legacy(
    "flag cannot be read",
    "flag unreadable",
    { unreadable: EDGEZERO_ENABLED_KEY },
    "flag-unreadable",
  ),

  legacy("flag absent", "no keys at all", {}, "disabled"),
  legacy("flag absent", "no flag", { [EDGEZERO_ROLLOUT_PCT_KEY]: "100" }, "disabled"),
  ...["false", "0", "2", "yes", "on", "", "truee", "true false", "01", "+1", "\ufefftrue"].map(
    (flag) => legacy("flag is not on", flagOf(flag), holding(flag, "100"), "disabled"),
  ),

  legacy(
    "percentage cannot be read",
    "percentage unreadable",
    { unreadable: EDGEZERO_ROLLOUT_PCT_KEY },
    "pct-unreadable",
  ),
  legacy("percentage absent", "no percentage", { [EDGEZERO_ENABLED_KEY]: ON }, "pct-absent"),
  ...[
    "101",
    "-1",
    "1.5",
    "abc",
    "",
    " ",
    "+",
    "\ufeff50",
    "65536",
    "1e1",
    "0x10",
    "5 0",
    "50%",
  ].map((pct) => legacy("percentage invalid", pctOf(pct), holding(ON, pct), "pct-invalid")),
  ...["0", "+0", "000", " 0 "].map((pct) =>
    legacy("percentage 0", pctOf(pct), holding(ON, pct), "rollback"),
  ),

  ...["true", "TRUE", "1", " true ", "\u0085True\u0085"].map((flag) =>
    cutover(flagOf(flag), holding(flag, "100")),
  ),
  ...["+100", "00100", "\t100\n", "\u0085100\u2003"].map((pct) =>
    cutover(pctOf(pct), holding(ON, pct)),
  ),
  ...(["1", "+7", " 50 ", "0099", "\u00a033\u2029"] as const).map((pct) => byBucket(pct)),
];

function legacy(
  row: string,
  what: string,
  store: StoreContent,
  reason: RolloutReason,
): FailSafeCase {
  return { row, what, store, reason, rolloutPct: 0, path: "legacy" };
}

function cutover(what: string, store: ConfigValues): FailSafeCase {
  return {
    row: "percentage 100",
    what,
    store,
    reason: "cutover",
    rolloutPct: 100,
    path: "edgezero",
  };
}

function byBucket(pct: string): FailSafeCase {
  const rolloutPct = Number(pct);
  const store = holding(ON, pct);
  return {
    row: "percentage 1 to 99",
    what: pctOf(pct),
    store,
    reason: "bucket",
    rolloutPct,
    path: "by bucket",
  };
}

function holding(flag: string, pct: string): ConfigValues {
  return { [EDGEZERO_ENABLED_KEY]: flag, [EDGEZERO_ROLLOUT_PCT_KEY]: pct };
}

function flagOf(flag: string): string {
  return `flag ${JSON.stringify(flag)}`;
}

function pctOf(pct: string): string {
  return `percentage ${JSON.stringify(pct)}`;
}
