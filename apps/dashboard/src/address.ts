/** What the part of the address after `#` names. */
export interface Address {
  /** `null`: the list of all environments. */
  readonly environment: string | null;
  /** An entry of the timeline. */
  readonly entry: string | null;
}

/** Reads `#/production` or `#/production/1764158400000-0`. Anything else is the list. Pure. */
export function readAddress(hash: string): Address {
  const [environment = "", entry = ""] = hash.replace(/^#\/?/, "").split("/").map(decoded);
  return { environment: environment || null, entry: entry || null };
}

/** The address of an environment, or of an entry of its timeline. Pure. */
export function addressOf(environment: string, entry?: string): string {
  const more = entry === undefined ? "" : `/${entry}`;
  return `#/${encodeURIComponent(environment)}${more}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
