/** What a shortcut does on the page. */
export type ShortcutName =
  | "rollback"
  | "first"
  | "pause"
  | "filter"
  | "environments"
  | "colours"
  | "keys";

export interface Shortcut {
  /** The letter, pressed with Alt and Shift, so that no single key does anything. */
  readonly key: string;
  readonly meaning: string;
}

export const SHORTCUTS: Readonly<Record<ShortcutName, Shortcut>> = {
  rollback: { key: "R", meaning: "ask for a rollback, then Enter confirms" },
  first: { key: "A", meaning: "ask for the first action: start, approve, promote or resume" },
  pause: { key: "P", meaning: "ask for a pause" },
  filter: { key: "F", meaning: "filter the timeline" },
  environments: { key: "E", meaning: "show all environments" },
  colours: { key: "C", meaning: "change the colours" },
  keys: { key: "K", meaning: "show or hide this list" },
};

/** The shortcut of a key that was pressed; `null` for any other key. Layouts differ: the place counts. */
export function shortcutOf(
  event: Pick<KeyboardEvent, "altKey" | "shiftKey" | "ctrlKey" | "metaKey" | "code">,
): ShortcutName | null {
  if (!event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey) return null;
  const found = Object.entries(SHORTCUTS).find(([, { key }]) => event.code === `Key${key}`);
  return (found?.[0] ?? null) as ShortcutName | null;
}
