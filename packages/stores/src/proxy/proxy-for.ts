import { StoreSetupError } from "../operator-store.ts";
import type { StoreEnv } from "../store-kind.ts";
import { isExempt, isLoopback } from "./exempt.ts";

/** The way of requests to a URL. */
export type Route =
  | { readonly via: "direct"; readonly because: "unset" | "loopback" | "no-proxy" }
  | {
      readonly via: "proxy";
      /** The proxy's URL, which may hold a password. */
      readonly proxy: string;
      /** The proxy's URL for people, without credentials. */
      readonly shown: string;
      /** The variable that names the proxy. */
      readonly variable: string;
    };

/** The variables that name a proxy, by the protocol of a request. Small letters come first. */
const VARIABLES: ReadonlyMap<string, readonly string[]> = new Map([
  ["https:", ["https_proxy", "HTTPS_PROXY"]],
  ["http:", ["http_proxy", "HTTP_PROXY"]],
]);

/**
 * Finds the proxy for requests to a URL, as `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` say. This
 * machine itself is never asked through a proxy.
 *
 * @param env The process's own environment unless given.
 * @throws StoreSetupError when the variable holds no URL of an HTTP proxy.
 */
export function proxyFor(url: string, env: StoreEnv = process.env): Route {
  const { protocol, hostname, port } = new URL(url);
  const variable = setOf(env, VARIABLES.get(protocol) ?? []);
  if (variable === undefined) return { via: "direct", because: "unset" };
  const host = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (isLoopback(host)) return { via: "direct", because: "loopback" };
  const usedPort = port === "" ? (protocol === "https:" ? "443" : "80") : port;
  const exempt = env[setOf(env, ["no_proxy", "NO_PROXY"]) ?? ""] ?? "";
  if (isExempt(exempt, host, usedPort)) return { via: "direct", because: "no-proxy" };
  const proxy = parseProxy(variable, env[variable] ?? "");
  return { via: "proxy", proxy: proxy.href, shown: proxy.origin, variable };
}

/** The end of a sentence about requests that go this way. Empty where they go directly. */
export function throughText(route: Route): string {
  return route.via === "proxy" ? ` through the proxy ${route.shown} of ${route.variable}` : "";
}

function setOf(env: StoreEnv, names: readonly string[]): string | undefined {
  return names.find((name) => (env[name] ?? "").trim() !== "");
}

function parseProxy(variable: string, text: string): URL {
  // A name and a port alone are usual here.
  const full = text.includes("://") ? text.trim() : `http://${text.trim()}`;
  const url = URL.canParse(full) ? new URL(full) : null;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  const scheme = /^[a-z][a-z\d+.-]*(?=:\/\/)/i.exec(full)?.[0] ?? "http";
  const found = url === null ? "it is not a URL" : `it has the scheme ${scheme}`;
  throw new StoreSetupError(
    `${variable} must be the URL of an HTTP proxy, such as http://proxy.example:3128; ${found}`,
  );
}
