import type { RolloutPath } from "@edgezero/rollout";

const MOST_MAX_AGE_MS = 600_000;
const DEFAULT_MAX_AGE_MS = 5000;

/**
 * How long an isolate goes by what it last read, in milliseconds: the var `CONFIG_MAX_AGE_MS`,
 * brought within 0 to 600000. At 0 every request reads KV. A var that is not a number counts as 5000.
 */
export function readMaxAge(text: string | undefined): number {
  const ms = Number(text ?? Number.NaN);
  if (Number.isNaN(ms) || text?.trim() === "") return DEFAULT_MAX_AGE_MS;
  return Math.min(Math.max(ms, 0), MOST_MAX_AGE_MS);
}

/** The two origins, or `null` where there are none and the built-in handlers answer. */
export type Origins = Readonly<Record<RolloutPath, URL>> | null;

/**
 * Reads the vars `LEGACY_ORIGIN` and `EDGEZERO_ORIGIN`, which are set both, or neither.
 *
 * @throws RangeError otherwise, and for one that is not an http or https URL without a path. It is
 * thrown as the Worker starts, so that a deploy with such a var fails, and no request does.
 */
export function readOrigins(legacy: string, edgezero: string): Origins {
  if (legacy === "" && edgezero === "") return null;
  return {
    legacy: readOrigin("LEGACY_ORIGIN", legacy),
    edgezero: readOrigin("EDGEZERO_ORIGIN", edgezero),
  };
}

function readOrigin(name: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url;
  throw new RangeError(
    `${name} is ${JSON.stringify(text)}: both origins must be set, or neither, each to an http or https URL without a path`,
  );
}
