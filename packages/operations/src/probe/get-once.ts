import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

/** The head of a response. */
export interface RawAnswer {
  readonly status: number;
  /** By their names in lower case; a header that came more than once is joined by commas. */
  readonly headers: ReadonlyMap<string, string>;
}

/**
 * Sends one GET request on a connection of its own. Does not read the body. Rejects where no response
 * comes.
 */
export async function getOnce(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith("https:") ? httpsRequest : httpRequest;
    const request = send(url, {
      agent: false,
      headers: {
        "cache-control": "no-cache",
        connection: "close",
        "user-agent": "edgezero-rollout",
        ...headers,
      },
      signal,
    });
    request.on("error", reject);
    // A change of protocol, for one, is neither a response nor an error.
    request.on("close", () => reject(new Error("the connection was closed without a response")));
    request.on("response", (response) => {
      const found = Object.entries(response.headers).map(
        ([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")] as const,
      );
      resolve({ status: response.statusCode ?? 0, headers: new Map(found) });
      response.destroy();
    });
    request.end();
  });
}
