import type { PathOverride } from "../attribution/attribution-options.ts";
import type { RolloutPath } from "../decide.ts";
import type { Logger } from "../logger.ts";
import { attempt } from "../logger.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { RequestLike, ResponseLike } from "../web.ts";
import { web } from "../web.ts";
import type { ForceToken } from "./token.ts";
import { checkSecret, importKey, readForceToken } from "./token.ts";

/** The request header that carries a token. */
export const FORCE_HEADER = "x-edgezero-force";
/** The cookie that carries a token, set by the link at {@link FORCE_LINK_PATH}. */
export const FORCE_COOKIE = "edgezero_force";
/** Where a link sets the cookie: `?token=…`, and `&to=/page` for where it leads. */
export const FORCE_LINK_PATH = "/.edgezero/force";

const COOKIE = new RegExp(`(?:^|;)\\s*${FORCE_COOKIE}=([^;\\s]+)`);
/** Where browsers keep a `Secure` cookie over http only in part, and testers try things out. */
const LOCAL = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** The part of a Web `Request` that can carry a token. */
export interface ForceRequest extends RequestLike {
  readonly headers: { get(name: string): string | null };
}

/** Settings of {@link createForce}. */
export interface ForceOptions {
  /**
   * The secret that tokens are signed with, at least 32 characters; or what finds it, asked only
   * when a request brings a token. Without one, or where it cannot be had, no token counts.
   */
  readonly secret: string | (() => MaybePromise<string | null | undefined>);
  /** Whether EdgeZero may be forced while the rollout is not enabled; `false` unless given. */
  readonly allowWhenDisabled?: boolean | undefined;
  /** Hears once, at warn, when a token cannot be checked for want of a usable secret. */
  readonly logger?: Logger | undefined;
}

/** What lets testers choose a path. */
export interface Force<Req extends ForceRequest> {
  /** The `override` of `createAttribution`: the path that a genuine token in the request names. */
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
  if (typeof secret === "string") checkSecret(secret);
  let known: { readonly secret: string; readonly key: object } | undefined;
  let hasWarned = false;

  async function findKey(): Promise<object | null> {
    const found = typeof secret === "string" ? secret : await secret();
    if (found === null || found === undefined) return null;
    if (known?.secret !== found) known = { secret: found, key: await importKey(found) };
    return known.key;
  }

  async function read(token: string): Promise<ForceToken | null> {
    try {
      const key = await findKey();
      return key && (await readForceToken(token, key));
    } catch (error) {
      if (!hasWarned) {
        hasWarned = true;
        const text = error instanceof RangeError ? error.message : "the force secret is unreadable";
        if (logger) void attempt(() => logger.warn(`forced paths are off: ${text}`));
      }
      return null;
    }
  }

  async function firstPath(tokens: string[], enabled: boolean): Promise<RolloutPath | null> {
    for (const token of tokens) {
      const path = (await read(token))?.path;
      if (path === "legacy" || (path === "edgezero" && (enabled || allowWhenDisabled))) return path;
    }
    return null;
  }

  return {
    override(request, { enabled }) {
      const tokens = tokensOf(request);
      return tokens.length === 0 ? null : firstPath(tokens, enabled);
    },
    link(request) {
      if (request.method !== "GET" || !request.url.includes(FORCE_LINK_PATH)) return null;
      const url = new web.URL(request.url);
      const token = url.searchParams.get("token");
      if (url.pathname !== FORCE_LINK_PATH || token === null) return null;
      return read(token).then((genuine) => genuine && redirect(url, token, genuine));
    },
  };
}

function tokensOf({ headers }: ForceRequest): string[] {
  const inCookie = COOKIE.exec(headers.get("cookie") ?? "")?.[1];
  return [headers.get(FORCE_HEADER), inCookie].filter((token) => typeof token === "string");
}

type Url = InstanceType<typeof web.URL>;

function redirect(url: Url, token: string, { expiresAt }: ForceToken): ResponseLike {
  const maxAge = Math.max(1, Math.floor((expiresAt - Date.now()) / 1000));
  const secure = url.protocol === "http:" && LOCAL.test(url.hostname) ? "" : "; Secure";
  const headers = {
    "cache-control": "no-store",
    location: localTarget(url),
    "set-cookie": `${FORCE_COOKIE}=${token}; Max-Age=${maxAge}; Path=/; HttpOnly; SameSite=Lax${secure}`,
  };
  return new web.Response(null, { status: 303, headers });
}

/** Where the link leads, which is on this site always: a link must not send testers elsewhere. */
function localTarget(url: Url): string {
  try {
    const target = new web.URL(url.searchParams.get("to") ?? "/", url.origin);
    const { origin, pathname, search } = target;
    // A path that starts with two slashes would lead to another host.
    return origin === url.origin && !pathname.startsWith("//") ? pathname + search : "/";
  } catch {
    return "/";
  }
}
