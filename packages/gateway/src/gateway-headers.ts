import { PATH_HEADER } from "@edgezero/rollout";
import { DECISION_HEADER } from "@edgezero/rollout/attribution";
import { FORCE_HEADER } from "@edgezero/rollout/force";
import { PROBE_HEADER } from "@edgezero/rollout/probe";
import { withoutForceCookie } from "./force-cookie.ts";

const NAMES = [PATH_HEADER, DECISION_HEADER, FORCE_HEADER, PROBE_HEADER];

/**
 * The headers that are between a gateway and its clients alone, in lower case: no origin gets what a
 * client has put there, and no client what an origin has. Also with underscores, since many an origin
 * takes `X_EdgeZero_Path` for the same header (CGI, WSGI, PHP).
 */
export const GATEWAY_HEADERS: ReadonlySet<string> = new Set(NAMES.flatMap(spellings));

/** A name with a hyphen or an underscore in each place of a hyphen. */
function spellings(name: string): string[] {
  const [first = "", ...rest] = name.split("-");
  return rest.reduce(
    (begun, word) => begun.flatMap((each) => [`${each}-${word}`, `${each}_${word}`]),
    [first],
  );
}

/** Takes a tester's token out of the cookies of a request. */
export function deleteForceCookie(headers: Headers): void {
  const cookie = headers.get("cookie");
  if (cookie === null) return;
  const rest = withoutForceCookie(cookie);
  if (rest === cookie) return;
  if (rest === "") headers.delete("cookie");
  else headers.set("cookie", rest);
}
