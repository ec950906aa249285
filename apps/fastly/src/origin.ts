import { createFetchProxy, endToEndHeaders, forwardedHeaders } from "@edgezero/gateway";
import type { Logger, RequestHandler, RolloutClient, RolloutPath } from "@edgezero/rollout";
import { createWebsocketHandoff } from "fastly:websocket";

const ORIGIN_TIMEOUT_MS = 30_000;

const BACKEND: Record<RolloutPath, string> = {
  legacy: "legacy_origin",
  edgezero: "edgezero_origin",
};

/** Passes requests on to the path's backend. */
export function createOriginHandler(
  path: RolloutPath,
  logger: Logger,
): RequestHandler<Request, RolloutClient, Response> {
  const proxy = createFetchProxy({
    path,
    logger,
    timeoutMs: ORIGIN_TIMEOUT_MS,
    send: async (request, client) => send(path, request, client),
  });
  return (request, client) => {
    const isWebSocket = request.headers.get("upgrade")?.toLowerCase() === "websocket";
    return isWebSocket ? createWebsocketHandoff(request, BACKEND[path]) : proxy(request, client);
  };
}

async function send(path: RolloutPath, request: Request, client: RolloutClient): Promise<Response> {
  const headers = forwardedHeaders(request, client);
  // `cacheKey` travels in this header, to which a client could otherwise add its own.
  headers.delete("fastly-xqd-cache-key");
  const answer = await fetch(
    new Request(request.url, {
      method: request.method,
      headers,
      body: request.body,
      backend: BACKEND[path],
      // Fastly's own key is host and URL, without the backend: the paths would share entries.
      cacheKey: `${path} ${request.url}`,
    }),
  );
  return new Response(answer.body, {
    status: answer.status,
    statusText: answer.statusText,
    headers: endToEndHeaders(answer.headers),
    // Or a response to HEAD would lose its Content-Length.
    manualFramingHeaders: request.method === "HEAD",
  });
}
