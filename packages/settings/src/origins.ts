import type { Finding } from "./finding.ts";
import { LONGEST_TIMER_MS, oneOf, valueThat, wholeNumber } from "./rules.ts";
import type { Rule, ValueOf } from "./setting.ts";
import { defineSetting } from "./setting.ts";

const origin: Rule<URL> = valueThat(
  isOrigin,
  (text) => new URL(text),
  "an http or https URL without a path, such as https://origin.example.com",
);

/** Where legacy is. */
export const LEGACY_ORIGIN = defineSetting({
  name: "LEGACY_ORIGIN",
  ...origin,
  default: null,
  meaning:
    "The origin of the legacy path. Both origins are set, or neither: without them two built-in handlers answer.",
});

/** Where EdgeZero is. */
export const EDGEZERO_ORIGIN = defineSetting({
  name: "EDGEZERO_ORIGIN",
  ...origin,
  default: null,
  meaning: "The origin of the EdgeZero path.",
});

/** The name by which origins are asked. */
export const ORIGIN_HOST = defineSetting({
  name: "ORIGIN_HOST",
  ...oneOf(["origin", "client"]),
  default: "origin",
  meaning:
    "The `Host` that origins get: their own, or the client's. With `origin`, redirects and cookies that name the origin are turned to the client's host. With `client`, an origin must know the client's host. `X-Forwarded-Host` is always the client's.",
});

/** The values of {@link ORIGIN_HOST}. */
export type OriginHost = ValueOf<typeof ORIGIN_HOST>;

/** How long an origin may take. */
export const UPSTREAM_TIMEOUT_MS = defineSetting({
  name: "UPSTREAM_TIMEOUT_MS",
  ...wholeNumber(1, LONGEST_TIMER_MS),
  default: "30000",
  meaning:
    "How long an origin may take until it sends headers, in milliseconds; then the client gets a 504.",
});

/**
 * Refuses one origin without the other: half of the traffic would have no origin.
 *
 * @param given The names of the settings that have a text, valid or not.
 */
export function findMissingOrigin(given: ReadonlySet<string>): Finding | null {
  const names = [LEGACY_ORIGIN.name, EDGEZERO_ORIGIN.name];
  const missing = names.filter((name) => !given.has(name));
  const [setting] = missing;
  if (setting === undefined || missing.length === names.length) return null;
  const message = `${setting} is not set: ${names.join(" and ")} must be set both, or neither`;
  return { setting, message };
}

function isOrigin(text: string): boolean {
  // Not by `URL.canParse`, which Fastly does not have.
  try {
    const url = new URL(text);
    return /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`;
  } catch {
    return false;
  }
}
