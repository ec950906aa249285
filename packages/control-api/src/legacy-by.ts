/** What in the store sends every client to legacy. */
export type LegacyBy =
  | "set-to-0"
  | "switched-off"
  | "switch-missing"
  | "pct-missing"
  | "pct-invalid";

/** Each as a part of a sentence, for people. */
export const LEGACY_BY: Readonly<Record<LegacyBy, string>> = {
  "set-to-0": "the percentage in the store is 0",
  "switched-off": "edgezero_enabled in the store is not on",
  "switch-missing": "the key edgezero_enabled is missing from the store",
  "pct-missing": "the key edgezero_rollout_pct is missing from the store",
  "pct-invalid": "edgezero_rollout_pct in the store is not a valid percentage",
};

export const LEGACY_BY_WORDS: readonly LegacyBy[] = Object.keys(LEGACY_BY) as LegacyBy[];
