import { canonicalClientIp } from "../client-ip.ts";
import type { Decision, RolloutPath } from "../decide.ts";
import { decide } from "../decide.ts";
import { ORIGIN_OR_QUERY } from "../health.ts";
import type { Attributed, Attribution, RolloutClient } from "../rollout-handler.ts";
import type { RolloutState } from "../rollout-state.ts";
import type { RequestLike, ResponseLike } from "../web.ts";
import { web } from "../web.ts";
import type { AttributionOptions, ResponseEnding } from "./attribution-options.ts";
import type { DecisionEvent, Exclusion, Outcome } from "./decision-event.ts";
import { EVENT_VERSION, outcomeOf } from "./decision-event.ts";
import { DECISION_HEADER, formatDecision } from "./decision-header.ts";
import { createDelivery } from "./deliver.ts";
import type { CacheHeaders } from "./shared-caches.ts";
import { separateInSharedCaches } from "./shared-caches.ts";

/** The part of a request that tells that its client went away. */
interface Abortable {
  readonly signal?: { readonly aborted: boolean } | null;
}

/**
 * Attributes each request to its path: one {@link DecisionEvent} to each sink, and on the response
 * what `attribution` and `sharedCaches` ask for. Nothing is sent for the handler's own health check,
 * which takes no path.
 *
 * No sink is waited for, and whatever one does, the request is served.
 */
export function createAttribution<
  Req extends RequestLike,
  Client extends RolloutClient,
  Res extends ResponseLike,
>(options: AttributionOptions<Req, Client>): Attribution<Req, Client, Res> {
  const { service, runtime, attribution, override, watchEnding } = options;
  const { sinks = [], sharedCaches = "unchanged", healthPaths = ["/health"] } = options;
  const deliveries = sinks.map((sink) => createDelivery(sink, options.onDropped));

  function attribute(
    request: Req,
    client: Client,
    state: RolloutState,
    forcedPath: RolloutPath | null,
  ): Attributed<Res> {
    const decision = forcedPath === null ? decide(state, client.ip) : forced(forcedPath, state);
    const startedAt = web.performance.now();

    function send(status: number | null, outcome: Outcome, at: EventTimes): void {
      const { path, reason, rolloutPct, bucket = null } = decision;
      const event: DecisionEvent = {
        version: EVENT_VERSION,
        time: at.time,
        service,
        runtime,
        path,
        reason,
        rolloutPct,
        bucket,
        epoch: state.epoch,
        status,
        outcome,
        durationMs: at.durationMs,
        lastByteMs: at.lastByteMs,
        excluded: exclusionOf(request, client, decision, healthPaths),
        weight: 1,
      };
      for (const deliver of deliveries) deliver(event);
    }

    function finish(response: Res | null): void {
      const durationMs = web.performance.now() - startedAt;
      const status = response && response.status;
      if (response) setHeaders(response, decision, state.epoch);
      if (deliveries.length === 0) return;
      const time = Date.now();
      if (!watchEnding) {
        const outcome = response === null && isAborted(request) ? "aborted" : outcomeOf(status);
        send(status, outcome, { time, durationMs, lastByteMs: null });
        return;
      }
      watchEnding(client, (ending) => {
        const lastByteMs = ending === "sent" ? web.performance.now() - startedAt : null;
        send(status, outcomeAfter(ending, status), { time, durationMs, lastByteMs });
      });
    }

    return { decision, finish };
  }

  function setHeaders(response: Res, decision: Decision, epoch: string): void {
    if (attribution === "detail") {
      response.headers.set(DECISION_HEADER, formatDecision(decision, epoch));
    }
    if (sharedCaches !== "unchanged" && bothPathsServe(decision)) {
      separateInSharedCaches(response.headers as CacheHeaders, sharedCaches);
    }
  }

  return (request, client, state) => {
    if (!override) return attribute(request, client, state, null);
    const asked = override(request, state);
    return asked instanceof Promise
      ? asked.then((path) => attribute(request, client, state, path))
      : attribute(request, client, state, asked);
  };
}

interface EventTimes {
  readonly time: number;
  readonly durationMs: number;
  readonly lastByteMs: number | null;
}

function forced(path: RolloutPath, { rolloutPct }: RolloutState): Decision {
  return { path, reason: "forced", rolloutPct };
}

/** Whether another client, or the same one unforced, may get the other path's response. */
function bothPathsServe({ reason }: Decision): boolean {
  return reason === "bucket" || reason === "stale-bucket" || reason === "forced";
}

function isAborted(request: RequestLike & Abortable): boolean {
  return request.signal?.aborted === true;
}

function outcomeAfter(ending: ResponseEnding, status: number | null): Outcome {
  if (ending === "aborted-by-client") return "aborted";
  return ending === "broken-off" ? "error" : outcomeOf(status);
}

function exclusionOf(
  { url }: RequestLike,
  { ip }: RolloutClient,
  { reason }: Decision,
  healthPaths: readonly string[],
): Exclusion | null {
  if (reason === "forced") return "forced";
  if (healthPaths.some((path) => url.includes(path) && url.replace(ORIGIN_OR_QUERY, "") === path))
    return "health";
  return canonicalClientIp(ip) === null ? "no-client-address" : null;
}
