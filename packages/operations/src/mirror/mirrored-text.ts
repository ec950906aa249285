import type { StoredValues } from "@edgezero/stores/operator-store";

/** The key by which a mirrored file says when its store was last seen, in milliseconds since 1970. */
const MIRRORED_KEY = "edgezero_mirrored_at";

/** The text of a config file that mirrors these values, as they were at that time. */
export function mirroredText(values: StoredValues, seenAt: number): string {
  const present = Object.entries(values).filter(([, value]) => value !== null);
  const all = { ...Object.fromEntries(present), [MIRRORED_KEY]: String(seenAt) };
  return `${JSON.stringify(all, null, 2)}\n`;
}

/** Whether a file was written by a mirror: another's config is not to be replaced. */
export function isMirrored(text: string): boolean {
  try {
    const values: unknown = JSON.parse(text);
    return typeof values === "object" && values !== null && Object.hasOwn(values, MIRRORED_KEY);
  } catch {
    return false;
  }
}
