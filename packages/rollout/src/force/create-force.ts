import type { PathOverride } from "../attribution/attribution-options.ts";
import type { Logger } from "../logger.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { RolloutPath } from "../rollout-path.ts";
import type { Secret } from "../secret.ts";
import { createSecretCheck } from "../secret.ts";
import type { RequestLike, ResponseLike } from "../web.ts";
import { answerLink, FORCE_COOKIE, FORCE_LINK_PATH } from "./link.ts";
import type { ForceToken } from "./token.ts";
import { FORCE_SECRET_NAME, isGenuine, parseForceToken } from "./token.ts";

/** The request header that carries a token. */
export const FORCE_HEADER = "x-edgezero-force";

const COOKIE = new RegExp(`(?:^|;)\\s*${FORCE_COOKIE}=([^;\\s]+)`);

/** The part of a Web `Request` that can carry a token. */
export interface ForceRequest extends RequestLike {
  readonly headers: { get(name: string): string | null };
}

/** Settings of {@link createForce}. */
export interface ForceOptions {
  /**
   * The secret that tokens are signed with, at least 32 characters; or a function that finds it,
   * asked only when a request brings a token that is well-formed and not expired, and given a
   * second to answer. Without a secret, or where it cannot be had, no token counts.
   */
  readonly secret: Secret;
  /** Whether EdgeZero may be forced while the rollout is not enabled; `false` unless given. */
  readonly allowWhenDisabled?: boolean | undefined;
  /** Hears once, at warn, when a token cannot be checked for want of a usable secret. */
  readonly logger?: Logger | undefined;
}

/** The two functions that let testers choose a path. */
export interface Force<Req extends ForceRequest> {
  /**
   * The `override` of `createAttribution`: the path that a genuine token in the request's header
   * names, or else in its cookie.
   */
  readonly override: PathOverride<Req>;
  /**
   * Answers the link that sets the cookie; `null` for every other request, and for a link whose
   * token does not count, which is then routed like any request.
   */
  readonly link: (request: Req) => MaybePromise<ResponseLike | null>;
}

/**
 * Lets people who test choose a path, by a token from `mintForceToken` in a header or a cookie.
 * A token that is malformed, expired or not genuine is ignored. Nothing here throws for a request.
 *
 * @throws RangeError when `secret` is a text of fewer than 32 characters.
 */
export function createForce<Req extends ForceRequest>(options: ForceOptions): Force<Req> {
  const { secret, allowWhenDisabled = false, logger } = options;
  const passes = createSecretCheck({
    secrets: [secret],
    name: FORCE_SECRET_NAME,
    loses: "forced paths",
    logger,
  });

  /** The content of a token, or `null` when it does not count. */
  async function read(text: string): Promise<ForceToken | null> {
    const token = parseForceToken(text);
    return token && (await passes((key) => isGenuine(token, key))) ? token : null;
  }

  async function firstPath(texts: string[], isEnabled: boolean): Promise<RolloutPath | null> {
    for (const text of texts) {
      const token = await read(text);
      if (token && (token.path === "legacy" || isEnabled || allowWhenDisabled)) return token.path;
    }
    return null;
  }

  return {
    override(request, { enabled }) {
      const texts = tokensOf(request);
      return texts.length === 0 ? null : firstPath(texts, enabled);
    },
    link({ method, url }) {
      return method === "GET" && url.includes(FORCE_LINK_PATH) ? answerLink(url, read) : null;
    },
  };
}

/** The texts that may be tokens. Of several cookies by the name, the first counts. */
function tokensOf({ headers }: ForceRequest): string[] {
  const inCookie = COOKIE.exec(headers.get("cookie") ?? "")?.[1];
  return [headers.get(FORCE_HEADER), inCookie].filter((token) => typeof token === "string");
}
