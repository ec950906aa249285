import type { Logger, RequestHandler, RolloutClient, RolloutPath } from "@edgezero/rollout";
import type { HostNames } from "./host/names.ts";
import { toClientHeaders } from "./host/response-headers.ts";
import { createOriginFaultLog } from "./origin-fault-log.ts";
import { badGateway, gatewayTimeout, loopDetected } from "./origin-failure.ts";
import { isLoop, LoopError } from "./request/via.ts";

/** Settings of {@link createFetchProxy}. */
export interface FetchProxyOptions {
  readonly path: RolloutPath;
  /** The gateway's name in `Via`, as the origin gets it. */
  readonly via: string;
  /**
   * Sends a client's request to the path's origin, as the platform does that. The headers of its answer
   * can be set: those of `fetch` are not everywhere, and to find that by an exception, in each request,
   * costs more than a copy.
   */
  readonly send: (request: Request, client: RolloutClient) => Promise<Response>;
  /** The names to translate between in an answer; `null` where the origin was asked by the client's. */
  readonly namesOf: (request: Request) => HostNames | null;
  /** How long the origin may take until it sends headers, in milliseconds, 1 to 2147483647. */
  readonly timeoutMs: number;
  readonly logger: Logger;
}

const TIMED_OUT = Symbol("timed out");

/**
 * Passes requests on to an origin by the platform's `fetch`. Never rejects: an origin that refuses
 * or breaks is a 502, one that is too slow a 504, and one that is the gateway itself a 508.
 *
 * The deadline is kept here, since platforms report a late origin and a dead one alike. Faults are logged
 * once a minute at warn, without their kind: platforms give only a text. Those that come after the client
 * has gone are not the origin's.
 */
export function createFetchProxy({
  path,
  via,
  send,
  namesOf,
  timeoutMs,
  logger,
}: FetchProxyOptions): RequestHandler<Request, RolloutClient, Response> {
  const log = createOriginFaultLog(path, logger);
  return async (request, client) => {
    if (isLoop(request.headers.get("via"), via)) {
      log("loop", new LoopError());
      return loopDetected();
    }
    const deadline = Promise.withResolvers<typeof TIMED_OUT>();
    const timer = setTimeout(() => deadline.resolve(TIMED_OUT), timeoutMs);
    try {
      const answer = await Promise.race([send(request, client), deadline.promise]);
      if (answer !== TIMED_OUT) {
        toClientHeaders(answer.headers, () => namesOf(request));
        return answer;
      }
      log("timeout", new Error(`the origin did not answer in ${timeoutMs} ms`));
      return gatewayTimeout();
    } catch (error) {
      if (!isGone(request)) log("other", error);
      return badGateway();
    } finally {
      clearTimeout(timer);
    }
  };
}

/** Whether a request's client has gone away, on platforms that tell. */
function isGone(request: object): boolean {
  // Fastly's requests have no signal.
  const { signal } = request as { readonly signal?: { readonly aborted: boolean } | null };
  return signal?.aborted === true;
}
