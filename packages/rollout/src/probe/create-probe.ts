import { decide } from "../decide.ts";
import type { Logger } from "../logger.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { Rollout } from "../rollout.ts";
import type { Probe } from "../rollout-handler.ts";
import type { Secret } from "../secret.ts";
import { createSecretCheck } from "../secret.ts";
import { sign } from "../signature.ts";
import type { RequestLike, ResponseLike } from "../web.ts";
import { web } from "../web.ts";
import type { ProbeAnswer } from "./probe-header.ts";
import { formatProbe, PROBE_HEADER } from "./probe-header.ts";
import type { ProbeToken } from "./token.ts";
import { isGenuine, parseProbeToken, PROBE_SECRET_NAME, PURPOSE } from "./token.ts";

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
  /**
   * What else this instance tells, or `null`. The epoch that it decided by before `epoch`, and how many
   * milliseconds ago it saw that change, let one that is first asked after a change show that it
   * followed. A worker tells which one it is.
   */
  readonly about?:
    | ((epoch: string) => Pick<ProbeAnswer, "from" | "ago" | "worker"> | null)
    | undefined;
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
  const { secrets, place, open, about, onProbe, logger } = options;
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
    let key = {};
    if (!(await passes((each) => isGenuine(token, (key = each))))) return null;
    const state = await rollout.read();
    const { bucket } = token;
    const { path, reason, rolloutPct } = decide(state, null, bucket);
    const answer = formatProbe({
      path,
      reason,
      pct: rolloutPct,
      bucket,
      epoch: state.epoch,
      instance: (instance ??= web.crypto.randomUUID().slice(19).replace("-", "")),
      open: open?.() ?? null,
      place: place?.(request) ?? null,
      ...about?.(state.epoch),
    });
    onProbe?.();
    // Signed for this token alone: only who has the secret can have given it. A token's own text has
    // one line more, so that the one can not be taken for the other.
    const signature = await sign(`${PURPOSE}\n${token.signature}\n${answer}`, key);
    const headers = {
      "cache-control": "no-store",
      [PROBE_HEADER]: `${answer}; signature=${signature}`,
    };
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
