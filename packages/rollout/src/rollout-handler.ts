import type { ConfigStore } from "./config-store.ts";
import { decide } from "./decide.ts";
import { logDecision } from "./decision-log.ts";
import type { DecisionSink } from "./decision-sink.ts";
import { healthResponse, isHealthCheck } from "./health.ts";
import type { Logger } from "./logger.ts";
import { attempt } from "./logger.ts";
import { withPathHeader } from "./path-header.ts";
import { readState } from "./read-rollout.ts";
import { withStaleIfError } from "./stale-if-error.ts";
import type { RequestLike, ResponseLike } from "./web.ts";

/** What the platform knows of the client. An app may add to it what its own handlers need. */
export interface RolloutClient {
  /** The client's address, from the platform alone; `null` or `undefined` where there is none. */
  readonly ip: string | null | undefined;
}

/** One complete request path of the site. */
export type RequestHandler<Req, Client, Res> = (request: Req, client: Client) => Res | Promise<Res>;

/** Settings of {@link createRolloutHandler}. */
export interface RolloutHandlerOptions<
  Req extends RequestLike,
  Client extends RolloutClient,
  Res extends ResponseLike,
> {
  /** Where the two rollout keys live. */
  readonly configStore: ConfigStore;
  /** The trusted path, which serves whenever EdgeZero is not explicitly asked for. */
  readonly legacy: RequestHandler<Req, Client, Res>;
  /** The new path. */
  readonly edgezero: RequestHandler<Req, Client, Res>;
  /** Gets each decision at debug, and faults of the configuration at warn. */
  readonly logger?: Logger | undefined;
  /** Gets one event for each routed request. */
  readonly sink?: DecisionSink | undefined;
  /** Where `GET` answers `200 ok` before anything is read: `/health` unless given, `false` nowhere. */
  readonly healthPath?: `/${string}` | false | undefined;
  /** How long one key may take to read, in milliseconds, 0 to 2147483647; 250 unless given. */
  readonly readTimeoutMs?: number | undefined;
  /**
   * How long the last good state still stands when a read fails, in milliseconds; 0, which is
   * never, unless given. Longer rides out an outage of the config store, and for as long a rollback
   * may go unseen. An absent or invalid value is never answered so.
   */
  readonly staleIfErrorMs?: number | undefined;
}

/**
 * The whole way of a request: health check, rollout state, decision, handler, path header.
 *
 * The rollout never fails a request: whatever the config store, logger or sink does, the request is
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
  const { logger, sink, healthPath = "/health", staleIfErrorMs = 0 } = options;
  check("readTimeoutMs", options.readTimeoutMs ?? 0);
  check("staleIfErrorMs", staleIfErrorMs);
  const read = withStaleIfError(() => readState(options.configStore, options), staleIfErrorMs);

  return async function handleRequest(request, client) {
    if (isHealthCheck(request, healthPath)) return healthResponse() as Res;
    const reading = read();
    const state = reading instanceof Promise ? await reading : reading;
    const decision = decide(state, client.ip);
    logDecision(logger, state, decision, client.ip);
    let status: number | null = null;
    try {
      const { path } = decision;
      const response = withPathHeader(await options[path](request, client), path);
      status = response.status;
      return response;
    } finally {
      if (sink) void attempt(() => sink({ ...decision, status }));
    }
  };
}

function check(setting: string, ms: number): void {
  if (ms >= 0 && ms <= 2147483647) return;
  throw new RangeError(`${setting} is ${ms}, not 0 to 2147483647 ms`);
}
