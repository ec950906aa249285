import { decide } from "../decide.ts";
import type { Logger } from "../logger.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { Rollout } from "../rollout.ts";
import type { Probe } from "../rollout-handler.ts";
import type { Secret } from "../secret.ts";
import { createSecretCheck } from "../secret.ts";
import type { RequestLike, ResponseLike } from "../web.ts";
import { web } from "../web.ts";
import { formatProbe, PROBE_HEADER } from "./probe-header.ts";
import type { ProbeToken } from "./token.ts";
import { isGenuine, parseProbeToken, PROBE_SECRET_NAME } from "./token.ts";

const INSTANCE_BYTES = 8;

/** The part of a Web `Request` that can carry a token. */
export interface ProbeRequest extends RequestLike {
  readonly headers: { get(name: string): string | null };
}

/** Settings of {@link createProbe}. */
export interface ProbeOptions<Req extends ProbeRequest> {
  /**
   * The secrets that tokens may be signed with, each at least 32 characters: the present one, and
   * the one before while it is changed. A function finds one: it is asked only when a request
   * brings a token that is well-formed and not expired, and given a second to answer. Where none can
   * be had, no token counts.
   */
  readonly secrets: readonly Secret[];
  /** Where this instance is: 1 to 40 letters, digits, `_` or `-`. Any other text is left out. */
  readonly place?: ((request: Req) => string | null | undefined) | undefined;
  /** How many responses and upgrades are still open at EdgeZero in this instance. */
  readonly open?: (() => number) | undefined;
  /** Called for each probe, before it is answered. */
  readonly onProbe?: (() => void) | undefined;
  /** Hears once, at warn, when a token cannot be checked for want of a usable secret. */
  readonly logger?: Logger | undefined;
}

/**
 * Answers signed probes: a request that brings a token from `mintProbeToken` in its header gets
 * `204` with the whole decision for the token's bucket, from the state that decides a client's
 * request at that moment. No path handles it, and no attribution sees it.
 *
 * A token that is malformed, expired, good for over a minute or not genuine is ignored: the request
 * is routed like any other. So is one where anything here fails.
 *
 * Create it once in a process, isolate or sandbox. Its instance has a random name, made with the
 * first answer: where a program starts, some platforms have no randomness.
 *
 * @throws RangeError when a secret that is given as a text has fewer than 32 characters.
 */
export function createProbe<Req extends ProbeRequest>(options: ProbeOptions<Req>): Probe<Req> {
  const { secrets, place, open, onProbe, logger } = options;
  const passes = createSecretCheck({
    secrets,
    name: PROBE_SECRET_NAME,
    loses: "signed probes",
    logger,
  });
  let instance: string | undefined;

  async function respond(
    token: ProbeToken,
    request: Req,
    rollout: Rollout,
  ): Promise<ResponseLike | null> {
    if (!(await passes((key) => isGenuine(token, key)))) return null;
    const state = await rollout.read();
    const { bucket } = token;
    const { path, reason, rolloutPct } = decide(state, null, bucket);
    const answer = formatProbe({
      path,
      reason,
      pct: rolloutPct,
      bucket,
      epoch: state.epoch,
      instance: (instance ??= randomName()),
      open: open?.() ?? null,
      place: place?.(request) ?? null,
    });
    onProbe?.();
    const headers = { "cache-control": "no-store", [PROBE_HEADER]: answer };
    return new web.Response(null, { status: 204, headers });
  }

  return {
    // A request without a token, which nearly every one is, costs no promise.
    answer(request, _client, rollout): MaybePromise<ResponseLike | null> {
      const token = parseProbeToken(request.headers.get(PROBE_HEADER) ?? "");
      return token && respond(token, request, rollout);
    },
  };
}

function randomName(): string {
  const bytes = web.crypto.getRandomValues(new Uint8Array(INSTANCE_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
