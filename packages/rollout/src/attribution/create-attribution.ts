import type { Decision } from "../decide.ts";
import { decide } from "../decide.ts";
import { DECISION_HEADER, formatDecision } from "../decision-header.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import { REASONS } from "../reasons.ts";
import type { Attributed, Attribution, RolloutClient } from "../rollout-handler.ts";
import type { RolloutPath } from "../rollout-path.ts";
import type { RolloutState } from "../rollout-state.ts";
import type { RequestLike, ResponseLike } from "../web.ts";
import { web } from "../web.ts";
import type { AttributionOptions, ResponseEnding } from "./attribution-options.ts";
import type { DecisionEvent, Outcome } from "./decision-event.ts";
import { EVENT_VERSION, outcomeOf } from "./decision-event.ts";
import { createDelivery } from "./deliver.ts";
import { exclusionOf } from "./exclusion.ts";
import type { CacheHeaders } from "./shared-caches.ts";
import { separateInSharedCaches } from "./shared-caches.ts";

/** The part of a request that tells that its client went away. */
interface Abortable {
  readonly signal?: { readonly aborted: boolean } | null;
}

/**
 * Attributes each request to its path: one {@link DecisionEvent} to each sink, and on the response
 * what `attribution` and `sharedCaches` ask for. Nothing is sent for the handler's own health
 * check, which takes no path.
 *
 * No sink is waited for. The request is served, also where a sink or a hook throws or rejects.
 */
export function createAttribution<
  Req extends RequestLike,
  Client extends RolloutClient,
  Res extends ResponseLike,
>(options: AttributionOptions<Req, Client>): Attribution<Req, Client, Res> {
  const { service, runtime, attribution, override, watchEnding, faultOf } = options;
  const { sinks = [], sharedCaches = "unchanged", healthPaths = ["/health"] } = options;
  const deliveries = sinks.map((sink) => createDelivery(sink, options.onDropped));

  function attribute(
    request: Req,
    client: Client,
    state: RolloutState,
    asked: unknown,
  ): Attributed<Res> {
    const decision = isPath(asked) ? forced(asked, state) : decide(state, client?.ip);
    const startedAt = web.performance.now();

    function finish(response: Res | null): void {
      if (response) setHeaders(response, decision, state.epoch);
      if (deliveries.length === 0) return;
      const time = Date.now();
      const durationMs = since(startedAt);
      const status = response && response.status;
      let isSent = false;

      function send(outcome: Outcome, lastByteMs: number | null): void {
        if (isSent) return;
        isSent = true;
        const event: DecisionEvent = {
          version: EVENT_VERSION,
          time,
          service,
          runtime,
          ...decision,
          bucket: decision.bucket ?? null,
          epoch: state.epoch,
          status,
          outcome,
          error: faultOf?.(client) ?? null,
          durationMs,
          lastByteMs,
          excluded: exclusionOf(request.url, client?.ip, decision, healthPaths),
          weight: 1,
        };
        for (const deliver of deliveries) deliver(event);
      }

      if (!watchEnding) {
        send(isAborted(request) ? "aborted" : outcomeOf(status), null);
        return;
      }
      try {
        watchEnding(client, (ending) => {
          const lastByteMs = ending === "sent" ? since(startedAt) : null;
          send(outcomeAfter(ending, status), lastByteMs);
        });
      } catch {
        send(outcomeOf(status), null);
      }
    }

    return { decision, finish };
  }

  function setHeaders({ headers }: Res, decision: Decision, epoch: string): void {
    try {
      if (attribution === "detail") headers.set(DECISION_HEADER, formatDecision(decision, epoch));
      // A tester's response is nobody else's, not even with an address in common.
      const how = decision.reason === "forced" ? "private" : sharedCaches;
      if (bothPathsServe(decision)) separateInSharedCaches(headers as CacheHeaders, how);
    } catch {
      // Some responses, such as `Response.error()`, keep their headers as they are.
    }
  }

  return (request, client, state) => {
    const asked = override && askedPath(() => override(request, state));
    return asked instanceof Promise
      ? asked.then((path) => attribute(request, client, state, path))
      : attribute(request, client, state, asked);
  };
}

/** Milliseconds since then, to the microsecond: finer digits are noise. */
function since(startedAt: number): number {
  return Math.round((web.performance.now() - startedAt) * 1000) / 1000;
}

/** The answer of a hook that may do anything: `null` where it throws or rejects. */
function askedPath(ask: () => MaybePromise<RolloutPath | null>): MaybePromise<unknown> {
  try {
    const asked = ask();
    return asked instanceof Promise ? asked.catch(() => null) : asked;
  } catch {
    return null;
  }
}

function isPath(asked: unknown): asked is RolloutPath {
  return asked === "legacy" || asked === "edgezero";
}

function forced(path: RolloutPath, { rolloutPct }: RolloutState): Decision {
  return { path, reason: "forced", rolloutPct };
}

/** Whether another client, or the same one unforced, may get the other path's response. */
function bothPathsServe({ reason }: Decision): boolean {
  return REASONS[reason].path === "both";
}

function isAborted({ signal }: RequestLike & Abortable): boolean {
  return signal?.aborted === true;
}

function outcomeAfter(ending: ResponseEnding, status: number | null): Outcome {
  if (ending === "aborted-by-client") return "aborted";
  return ending === "broken-off" ? "error" : outcomeOf(status);
}
