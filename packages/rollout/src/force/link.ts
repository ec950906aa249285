import type { ResponseLike } from "../web.ts";
import { web } from "../web.ts";
import type { ForceToken } from "./token.ts";

/** The cookie that carries a token, set by the link at {@link FORCE_LINK_PATH}. */
export const FORCE_COOKIE = "edgezero_force";
/** Where a link sets the cookie: `?token=…`, and `&to=/page` for where on the site it leads. */
export const FORCE_LINK_PATH = "/.edgezero/force";

/** Where a `Secure` cookie over http is not kept by every browser, and testers try things out. */
const LOCAL = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
/** Two slashes would lead to another host, and a `blob:` URL has a whole URL for its path. */
const LOCAL_PATH = /^\/(?!\/)/;

type Url = InstanceType<typeof web.URL>;

/**
 * Answers a link that sets the cookie: `null` for another URL, or where its token does not count.
 *
 * @param read Gives the content of a token, or `null` when it does not count.
 */
export async function answerLink(
  link: string,
  read: (token: string) => Promise<ForceToken | null>,
): Promise<ResponseLike | null> {
  const url = parseUrl(link);
  const text = url?.searchParams.get("token");
  if (url?.pathname !== FORCE_LINK_PATH || typeof text !== "string") return null;
  const token = await read(text);
  return token && redirect(url, text, token);
}

function redirect(url: Url, text: string, { expires }: ForceToken): ResponseLike {
  // The rest of the last second counts as a whole one: 0 would delete the cookie.
  const maxAge = Math.max(1, Math.floor((Number(expires) * 1000 - Date.now()) / 1000));
  const secure = url.protocol === "http:" && LOCAL.test(url.hostname) ? "" : "; Secure";
  const headers = {
    "cache-control": "no-store",
    location: localTarget(url),
    "set-cookie": `${FORCE_COOKIE}=${text}; Max-Age=${maxAge}; Path=/; HttpOnly; SameSite=Lax${secure}`,
  };
  return new web.Response(null, { status: 303, headers });
}

/** Where the link leads, which is on this site always: a link must not send testers elsewhere. */
function localTarget({ origin, searchParams }: Url): string {
  const target = parseUrl(searchParams.get("to") ?? "/", origin);
  return target?.origin === origin && LOCAL_PATH.test(target.pathname)
    ? target.pathname + target.search
    : "/";
}

function parseUrl(url: string, base?: string): Url | null {
  try {
    return new web.URL(url, base);
  } catch {
    return null;
  }
}
