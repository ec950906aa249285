import type { MiddlewareHandler } from "hono";
import type { FailedTokens } from "./failed-tokens.ts";
import { refuse } from "./refusal.ts";
import { hasToken, isLoopback } from "./token.ts";

/** Gives the address that a request came from, by its connection. */
export type AddressOf = (env: unknown) => string;

/**
 * Lets a request pass that no page of another origin sent. There is no cookie, and so nothing that a
 * browser adds by itself; but without a token a page could reach a loopback address.
 */
export function fromSameOrigin(needsToken: boolean): MiddlewareHandler {
  return async (context, next) => {
    const host = context.req.header("host") ?? "";
    const origin = context.req.header("origin");
    const site = context.req.header("sec-fetch-site");
    if (origin !== undefined && hostOf(origin) !== host.toLowerCase()) {
      return refuse("forbidden", "A page of another origin may not use this API.");
    }
    if (site === "cross-site" || site === "same-site") {
      return refuse("forbidden", "A page of another origin may not use this API.");
    }
    // A name that someone else points at this machine is not the name of this machine.
    if (!needsToken && !isLoopback(host.replace(/:\d+$/, ""))) {
      return refuse("forbidden", "Without a token it is reached as localhost or 127.0.0.1 only.");
    }
    return next();
  };
}

/** Lets a request pass that has the token. With `null` each passes. */
export function withToken(
  token: string | null,
  failed: FailedTokens,
  addressOf: AddressOf,
): MiddlewareHandler {
  return async (context, next) => {
    if (token === null || hasToken(context.req.header("authorization"), token)) return next();
    const waitMs = failed.count(addressOf(context.env));
    if (waitMs !== null) {
      const headers = { "retry-after": String(Math.max(1, Math.ceil(waitMs / 1000))) };
      return refuse("too-many", "Too many requests came with a wrong token.", headers);
    }
    const headers = { "www-authenticate": "Bearer" };
    return refuse("unauthorized", "The token is missing or wrong.", headers);
  };
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
