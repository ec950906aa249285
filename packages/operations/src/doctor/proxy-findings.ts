import { messageOf } from "@edgezero/faults/faults";
import type { Route } from "@edgezero/stores/proxy/proxy-for";
import { proxyFor, throughText } from "@edgezero/stores/proxy/proxy-for";
import type { StoreEnv } from "@edgezero/stores/store-kind";
import { storeKindOf } from "@edgezero/stores/store-kinds";
import type { Finding } from "./finding.ts";
import { bad, good } from "./finding.ts";

const CHECK = "proxy";

type Direct = Extract<Route, { via: "direct" }>["because"];

/** Why a URL is asked directly although a variable names a proxy; `null` where no variable does. */
const DIRECT: Readonly<Record<Direct, string | null>> = {
  unset: null,
  loopback: "it is this machine",
  "no-proxy": "NO_PROXY names it",
};

/**
 * Says how the store's API and the gateways are asked, where the environment names a proxy. A store that
 * is not reached over HTTP has no such finding: it is never reached through a proxy.
 */
export function proxyFindings(
  storeUrl: string,
  gateways: readonly string[],
  env: StoreEnv,
): Finding[] {
  const places = [...apiOf(storeUrl, env), ...gateways].map((url) => new URL(url).origin);
  return [...new Set(places)].flatMap((place) => routeFinding(place, env));
}

function routeFinding(place: string, env: StoreEnv): Finding[] {
  try {
    const route = proxyFor(place, env);
    if (route.via === "proxy") return [good(CHECK, `${place} is asked${throughText(route)}`)];
    const why = DIRECT[route.because];
    return why === null ? [] : [good(CHECK, `${place} is asked directly: ${why}`)];
  } catch (error) {
    const todo = `Give the proxy's URL, or name ${new URL(place).hostname} in NO_PROXY.`;
    return [bad(CHECK, messageOf(error), todo)];
  }
}

function apiOf(storeUrl: string, env: StoreEnv): string[] {
  try {
    const api = storeKindOf(storeUrl)?.apiUrl?.(env);
    return api === undefined ? [] : [api];
  } catch {
    // Opening the store says that the variable is wrong.
    return [];
  }
}
