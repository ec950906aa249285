import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Route } from "./proxy-for.ts";

/**
 * An agent for one request to a URL by a route; `false`, which stands for a plain connection of its
 * own, where the route is direct.
 *
 * @param timeoutMs After this silence the agent gives up. A tunnel that is not made yet does not heed
 *   the request's own signal.
 */
export function agentFor(url: string, route: Route, timeoutMs: number): HttpAgent | false {
  if (route.via === "direct") return false;
  const { proxy } = route;
  return url.startsWith("https:")
    ? new HttpsAgent({ proxyEnv: { https_proxy: proxy }, timeout: timeoutMs })
    : new HttpAgent({ proxyEnv: { http_proxy: proxy }, timeout: timeoutMs });
}

/** A `fetch` by a route. The library for proxies is loaded with the first request through one. */
export function fetchBy(route: Route): typeof fetch {
  if (route.via === "direct") return fetch;
  const { proxy } = route;
  let loading: Promise<typeof fetch> | undefined;
  return async (input, init) => (await (loading ??= fetchThrough(proxy)))(input, init);
}

async function fetchThrough(proxy: string): Promise<typeof fetch> {
  const undici = await import("undici");
  const dispatcher = new undici.ProxyAgent(proxy);
  // The types of Node's own `fetch` are those of another copy of undici.
  const send = undici.fetch as unknown as (input: unknown, init: object) => Promise<Response>;
  return async (input, init) => send(input, { ...init, dispatcher });
}
