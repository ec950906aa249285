import { checkFunction } from "./check-options.ts";
import type { Decision } from "./decide.ts";
import { decide } from "./decide.ts";
import { logDecision } from "./decision-log.ts";
import { healthResponse, isHealthCheck } from "./health.ts";
import { attempt } from "./logger.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import { withPathHeader } from "./path-header.ts";
import type { Rollout, RolloutOptions } from "./rollout.ts";
import { createRollout } from "./rollout.ts";
import type { RolloutState } from "./rollout-state.ts";
import type { RequestLike, ResponseLike } from "./web.ts";

/** What the platform knows of the client. An app may add to it what its own handlers need. */
export interface RolloutClient {
  /**
   * The client's address; `null` or `undefined` where there is none. Take it from the platform:
   * from a header that a client can write, a client would choose its own bucket.
   */
  readonly ip: string | null | undefined;
}

/** Fits no parameter that means anything: a handler is called with the request and the client. */
interface NoThirdArgument {
  readonly "a handler gets two arguments": never;
}

/**
 * One complete request path of the site, called with the request and the client.
 *
 * A function with a third parameter is a type error. Hono's `app.fetch(request, env, ctx)` would
 * get the client as its `env`; call it as `(request, { env, ctx }) => app.fetch(request, env,
 * ctx)`.
 */
export type RequestHandler<Req = RequestLike, Client = RolloutClient, Res = ResponseLike> = (
  request: Req,
  client: Client,
  notPassed?: NoThirdArgument,
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
 * A throw or rejection changes nothing: the request is decided and served without it.
 */
export type Attribution<Req = RequestLike, Client = RolloutClient, Res = ResponseLike> = (
  request: Req,
  client: Client,
  state: RolloutState,
) => Attributed<Res> | Promise<Attributed<Res>>;

/** Answers requests that ask how the gateway decides, and not for anything of the site. */
export interface Probe<Req = RequestLike, Client = unknown> {
  /**
   * The answer to a probe, or `null` for an ordinary request, which is also served where this throws
   * or rejects. Awaited only where it is a promise.
   */
  readonly answer: (
    request: Req,
    client: Client,
    rollout: Rollout,
  ) => MaybePromise<ResponseLike | null>;
}

/**
 * Settings of {@link createRolloutHandler}.
 *
 * `Req`, `Client` and `Res` come from the handlers: annotate a handler's `request` with the
 * platform's `Request`, and both have that. `Res` should be the platform's `Response`, since the
 * health check answers with one, and a response with immutable headers is wrapped in one.
 */
export interface RolloutHandlerOptions<
  Req extends RequestLike,
  Client extends RolloutClient,
  Res extends ResponseLike,
> extends RolloutOptions {
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
   * Where `GET` and `HEAD` answer `200 ok` before anything is read: `/health` unless given, `false` nowhere.
   * Compared with the path as it is encoded in the URL.
   */
  readonly healthPath?: `/${string}` | false | undefined;
  /**
   * Asked about each request after the health check and before anything is decided or attributed:
   * `createProbe` of `@edgezero/rollout/probe` makes one that answers signed probes.
   */
  readonly probe?: Probe<Req, Client> | undefined;
  /**
   * Which responses of a handler name their path in `x-edgezero-path`: `always`, unless given;
   * `signed`, only those to a tester, whose path was forced; or `never`. On the others the header
   * is taken off, where a handler has set it.
   */
  readonly pathHeader?: "always" | "signed" | "never" | undefined;
}

/**
 * Makes the function that serves a request: health check, probe, rollout state, decision, handler,
 * path header.
 *
 * The rollout never fails a request: whatever the config store, logger or attribution does, the
 * request is served, by legacy where in doubt. An error of a handler reaches the caller unchanged.
 *
 * Options are checked here and not at the first request. A misspelt name of a required option is
 * found, since that option is then missing. A misspelt name of an optional one is not noticed at
 * run time; the compiler refuses it.
 *
 * @throws TypeError when `legacy`, `edgezero` or `configStore` is missing or of the wrong kind, naming
 * it and what is allowed.
 * @throws RangeError when a time is out of range, naming it and what is allowed.
 */
export function createRolloutHandler<
  Req extends RequestLike,
  Client extends RolloutClient,
  Res extends ResponseLike,
>(
  options: RolloutHandlerOptions<Req, Client, Res>,
): (request: Req, client: Client) => Promise<Res> {
  const { logger, attribution, probe, healthPath = "/health", pathHeader = "always" } = options;
  checkFunction("legacy", typeof options.legacy);
  checkFunction("edgezero", typeof options.edgezero);
  const rollout = createRollout(options);

  return async function handleRequest(request, client) {
    if (isHealthCheck(request, healthPath)) return healthResponse() as Res;
    try {
      const asked = probe?.answer(request, client, rollout);
      // Awaited only where there may be an answer: any other request costs no turn.
      const answer = asked && (await asked);
      if (answer) return answer as Res;
    } catch {
      // A probe that fails is an ordinary request.
    }
    const reading = rollout.read();
    // Awaited only where it is a promise: a store at hand costs no turn of the microtask queue.
    const state = reading instanceof Promise ? await reading : reading;
    const { decision = decide(state, client?.ip), finish } =
      (attribution && (await attempt(() => attribution(request, client, state)))) ?? {};
    logDecision(logger, state, decision, client?.ip);
    let response: Res | null = null;
    try {
      const { path, reason } = decision;
      const answer = await options[path](request, client);
      const isNamed = pathHeader === "always" || (pathHeader === "signed" && reason === "forced");
      response = withPathHeader(answer, path, isNamed);
      return response;
    } finally {
      if (finish) void attempt(() => finish(response));
    }
  };
}
