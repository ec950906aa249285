import { DECISION_HEADER } from "@edgezero/rollout/attribution";
import { FORCE_COOKIE, FORCE_HEADER } from "@edgezero/rollout/force";
import { PROBE_HEADER } from "@edgezero/rollout/probe";

/**
 * The headers that are between a gateway and its clients alone, in lower case: no origin gets what a
 * client has put there, and no client what an origin has.
 */
export const GATEWAY_HEADERS: ReadonlySet<string> = new Set([
  "x-edgezero-path",
  DECISION_HEADER,
  FORCE_HEADER,
  PROBE_HEADER,
]);

/**
 * Takes the gateway's headers out of those of a request, or of a response that is built here, and its
 * cookie out of a request's.
 */
export function deleteGatewayHeaders(headers: Headers): void {
  for (const name of GATEWAY_HEADERS) headers.delete(name);
  const cookie = headers.get("cookie");
  if (!cookie?.includes(FORCE_COOKIE)) return;
  const rest = withoutForceCookie(cookie);
  if (rest === "") headers.delete("cookie");
  else headers.set("cookie", rest);
}

/** A `Cookie` header without a tester's token, which is good for days and no origin's business. */
export function withoutForceCookie(cookie: string): string {
  return cookie
    .split(";")
    .filter((each) => !each.trim().startsWith(`${FORCE_COOKIE}=`))
    .join(";")
    .trim();
}

/**
 * An origin's response without the gateway's headers. One from `fetch` may have immutable headers:
 * it is wrapped, which keeps its streamed body and, in workerd, its WebSocket.
 */
export function withoutGatewayHeaders(response: Response): Response {
  if (![...GATEWAY_HEADERS].some((name) => response.headers.has(name))) return response;
  const copy = new Response(response.body, response);
  deleteGatewayHeaders(copy.headers);
  return copy;
}
