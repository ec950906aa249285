import type { ConfigStore } from "./config-store.ts";
import type { Decision } from "./decide.ts";
import { decide } from "./decide.ts";
import { logDecision } from "./decision-log.ts";
import { healthResponse, isHealthCheck } from "./health.ts";
import { attempt } from "./logger.ts";
import { withPathHeader } from "./path-header.ts";
import type { ReadRolloutOptions } from "./read-rollout.ts";
import { readState } from "./read-rollout.ts";
import type { RolloutState } from "./rollout-state.ts";
import { withStaleIfError } from "./stale-if-error.ts";
import type { RequestLike, ResponseLike } from "./web.ts";

/** What the platform knows of the client. An app may add to it what its own handlers need. */
export interface RolloutClient {
  /**
   * The client's address; `null` or `undefined` where there is none. Take it from the platform:
   * from a header that a client can write, a client would choose its own bucket.
   */
  readonly ip: string | null | undefined;
}

/** One complete request path of the site. */
export type RequestHandler<Req = RequestLike, Client = RolloutClient, Res = ResponseLike> = (
  request: Req,
  client: Client,
) => Res | Promise<Res>;

/** How one request is attributed: who decided, and what is done once the response is there. */
export interface Attributed<Res = ResponseLike> {
  /** Another decision for this one request; `decide` makes it unless given. */
  readonly decision?: Decision | undefined;
  /**
   * Called with the response before it is sent, when its headers may still be set, or with `null`
   * when the handler threw. Not awaited; a throw or rejection changes nothing.
   */
  readonly finish?: ((response: Res | null) => void) | undefined;
}

/**
 * Says how a request is attributed, once the rollout's state is known and before a path is chosen.
 * One that throws or rejects changes nothing: the request is decided and served without it.
 */
export type Attribution<Req = RequestLike, Client = RolloutClient, Res = ResponseLike> = (
  request: Req,
  client: Client,
  state: RolloutState,
) => Attributed<Res> | Promise<Attributed<Res>>;

/**
 * Settings of {@link createRolloutHandler}.
 *
 * `Req`, `Client` and `Res` come from the handlers: annotate a handler's `request` with the
 * platform's `Request`, and both have that. `Res` should be what the platform's `Response` is, since
 * the health check answers with one, and a response with immutable headers is wrapped in one.
 */
export interface RolloutHandlerOptions<
  Req extends RequestLike,
  Client extends RolloutClient,
  Res extends ResponseLike,
> extends ReadRolloutOptions {
  /** Where the two rollout keys live. */
  readonly configStore: ConfigStore;
  /** The trusted path, which serves whenever EdgeZero is not explicitly asked for. */
  readonly legacy: RequestHandler<Req, Client, Res>;
  /** The new path. */
  readonly edgezero: RequestHandler<Req, Client, Res>;
  /**
   * Sees each routed request, and may decide it: `createAttribution` of
   * `@edgezero/rollout/attribution` makes one that sends an event for each.
   */
  readonly attribution?: Attribution<Req, Client, Res> | undefined;
  /**
   * Where `GET` answers `200 ok` before anything is read: `/health` unless given, `false` nowhere.
   * Compared with the path as it is encoded in the URL.
   */
  readonly healthPath?: `/${string}` | false | undefined;
  /**
   * How long the last good state still stands when a read fails, in milliseconds, 0 to 2147483647;
   * 0, which is never, unless given. Longer rides out an outage of the config store, and for as
   * long a rollback may go unseen. An absent or invalid value is never answered so. The state is
   * kept in memory: it does not outlive the process, isolate or sandbox.
   */
  readonly staleIfErrorMs?: number | undefined;
}

/**
 * The whole way of a request: health check, rollout state, decision, handler, path header.
 *
 * The rollout never fails a request: whatever the config store, logger or attribution does, the request is
 * served, by legacy where in doubt. What a handler throws is its own and is passed on.
 *
 * @throws RangeError when a setting is out of range, naming it and what is allowed.
 */
export function createRolloutHandler<
  Req extends RequestLike,
  Client extends RolloutClient,
  Res extends ResponseLike,
>(
  options: RolloutHandlerOptions<Req, Client, Res>,
): (request: Req, client: Client) => Promise<Res> {
  const { logger, attribution, healthPath = "/health", staleIfErrorMs } = options;
  checkMs("readTimeoutMs", options.readTimeoutMs);
  checkMs("staleIfErrorMs", staleIfErrorMs);
  const read = withStaleIfError(() => readState(options.configStore, options), staleIfErrorMs);

  return async function handleRequest(request, client) {
    if (isHealthCheck(request, healthPath)) return healthResponse() as Res;
    const reading = read();
    const state = reading instanceof Promise ? await reading : reading;
    const { decision = decide(state, client?.ip), finish } =
      (attribution && (await attempt(() => attribution(request, client, state)))) ?? {};
    logDecision(logger, state, decision, client?.ip);
    let response: Res | null = null;
    try {
      const { path } = decision;
      response = withPathHeader(await options[path](request, client), path);
      return response;
    } finally {
      if (finish) void attempt(() => finish(response));
    }
  };
}

function checkMs(setting: string, ms = 0): void {
  if (ms >= 0 && ms <= 2147483647) return;
  throw new RangeError(`${setting} is ${ms}, not 0 to 2147483647 ms`);
}
