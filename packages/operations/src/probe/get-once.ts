import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { messageOf } from "@edgezero/faults/faults";
import { proxyFor, throughText } from "@edgezero/stores/proxy/proxy-for";
import { agentFor } from "@edgezero/stores/proxy/send-through";

/** How long a connection through a proxy may be silent. Every caller gives up earlier. */
const PROXY_SILENCE_MS = 5000;

/** The head of a response. */
export interface RawAnswer {
  readonly status: number;
  /** By their names in lower case; a header that came more than once is joined by commas. */
  readonly headers: ReadonlyMap<string, string>;
  /** How the request went, as the end of a sentence; empty where it went directly. */
  readonly through: string;
}

/**
 * Sends one GET request on a connection of its own, through a proxy where the environment names one.
 * Does not read the body. Rejects where no response comes.
 */
export async function getOnce(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<RawAnswer> {
  const route = proxyFor(url);
  const through = throughText(route);
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      reject(new Error(`${messageOf(error)}${through}`, { cause: error }));
    };
    const send = url.startsWith("https:") ? httpsRequest : httpRequest;
    const request = send(url, {
      agent: agentFor(url, route, PROXY_SILENCE_MS),
      headers: {
        "cache-control": "no-cache",
        connection: "close",
        "user-agent": "edgezero-rollout",
        ...headers,
      },
      signal,
    });
    request.on("error", fail);
    // A change of protocol, for one, is neither a response nor an error.
    request.on("close", () => fail("the connection was closed without a response"));
    request.on("response", (response) => {
      const found = Object.entries(response.headers).map(
        ([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")] as const,
      );
      resolve({ status: response.statusCode ?? 0, headers: new Map(found), through });
      response.destroy();
    });
    request.end();
  });
}
