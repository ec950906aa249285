import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import { isSameValues } from "@edgezero/stores/stored-values";
import { quoted, valuesText } from "../reading.ts";
import type { Changes, StoredValues } from "@edgezero/stores/operator-store";
import type { IntentEntry, NewEntry } from "./entry.ts";
import { noteOf } from "./entry.ts";
import type { TrailState } from "./trail-state.ts";

/** Something that an operator should know before anything else. */
export interface Notice {
  readonly kind: "unfinished-change" | "outside-change";
  readonly text: string;
  /** What the trail gets with the next write. */
  readonly entry: NewEntry;
}

/** Compares what the store holds with what the trail says of it. */
export function noticesOf(
  { unfinished, lastValues }: TrailState,
  values: StoredValues,
  who: string,
  store: string,
): Notice[] {
  const notices = unfinished.map((intent): Notice => {
    const text = `an earlier change (${changeText(intent)} by ${intent.who} at ${intent.at}) did not finish; the store now holds ${heldText(intent.to, values)}`;
    const { change, command } = intent;
    const result = "interrupted";
    const entry: NewEntry = {
      kind: "result",
      change,
      command,
      result,
      who,
      store,
      values,
      detail: "found by a later command",
    };
    return { kind: "unfinished-change", text, entry };
  });
  if (lastValues === null || isSameValues(lastValues.values, values)) return notices;
  if (unfinished.some(({ to }) => isSameValues({ ...lastValues.values, ...to }, values))) {
    return notices;
  }
  const detail = `changed outside this tool: from ${valuesText(lastValues.values)} to ${valuesText(values)}`;
  const text = `the store was ${detail} (the first as of ${lastValues.at})`;
  const entry = noteOf("outside-change", { who, store, detail, values });
  return [...notices, { kind: "outside-change", text, entry }];
}

/** A change as it was meant: `10 -> 50`, or `to 0` where it was not read what it replaces. */
export function changeText({ from, to }: Pick<IntentEntry, "from" | "to">): string {
  return from === null ? `to ${heldText(to, to)}` : `${heldText(to, from)} -> ${heldText(to, to)}`;
}

/** The values that a change is about: the percentage alone, or with the names of the keys. */
function heldText(about: Changes, values: Changes | StoredValues): string {
  const keys = ([EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY] as const).filter(
    (key) => about[key] !== undefined,
  );
  return keys.map((key) => plain(values[key] ?? null)).join("/");
}

function plain(value: string | null): string {
  if (value === null) return "absent";
  return /^[\w+.-]{1,20}$/.test(value) ? value : quoted(value);
}
