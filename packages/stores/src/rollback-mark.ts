import { randomUUID } from "node:crypto";
import { parseShown } from "./parse-shown.ts";

/** The text of a new mark. It differs from every other mark. */
export function newMark(who: string): string {
  return JSON.stringify({ who, at: new Date().toISOString(), id: randomUUID() });
}

/** Says for people who left a mark, and when. */
export function markText(mark: string | null): string {
  try {
    const { who, at } = parseShown(mark ?? "") as Readonly<Record<string, unknown>>;
    return `${String(who)} has rolled back meanwhile, at ${String(at)}`;
  } catch {
    return "someone has rolled back meanwhile";
  }
}
