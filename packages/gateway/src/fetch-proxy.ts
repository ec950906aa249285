import type { Logger, RequestHandler, RolloutClient, RolloutPath } from "@edgezero/rollout";
import { withoutGatewayHeaders } from "./gateway-headers.ts";
import { badGateway, gatewayTimeout } from "./origin-failure.ts";

/** Settings of {@link createFetchProxy}. */
export interface FetchProxyOptions {
  readonly path: RolloutPath;
  /** Sends a client's request to the path's origin, as the platform does that. */
  readonly send: (request: Request, client: RolloutClient) => Promise<Response>;
  /** How long the origin may take until it sends headers, in milliseconds, 1 to 2147483647. */
  readonly timeoutMs: number;
  readonly logger: Logger;
}

const TIMED_OUT = Symbol("timed out");

/**
 * Passes requests on to an origin by the platform's `fetch`. Never rejects: an origin that refuses
 * or breaks is a 502, one that is too slow a 504.
 *
 * The deadline is kept here, since platforms report a late origin and a dead one alike.
 */
export function createFetchProxy({
  path,
  send,
  timeoutMs,
  logger,
}: FetchProxyOptions): RequestHandler<Request, RolloutClient, Response> {
  return async (request, client) => {
    const deadline = Promise.withResolvers<typeof TIMED_OUT>();
    const timer = setTimeout(() => deadline.resolve(TIMED_OUT), timeoutMs);
    try {
      const answer = await Promise.race([send(request, client), deadline.promise]);
      if (answer !== TIMED_OUT) return withoutGatewayHeaders(answer);
      logger.debug("origin too slow", { path, timeoutMs });
      return gatewayTimeout();
    } catch (error) {
      logger.debug("origin failed", { path, error: String(error) });
      return badGateway();
    } finally {
      clearTimeout(timer);
    }
  };
}
