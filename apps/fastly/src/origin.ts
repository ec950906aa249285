import {
  createFetchProxy,
  deleteGatewayHeaders,
  endToEndHeaders,
  forwardedHeaders,
} from "@edgezero/gateway";
import type { Logger, RequestHandler, RolloutClient, RolloutPath } from "@edgezero/rollout";
import { createWebsocketHandoff } from "fastly:websocket";
import type { FastlySettings } from "./settings.ts";

const BACKEND: Record<RolloutPath, string> = {
  legacy: "legacy_origin",
  edgezero: "edgezero_origin",
};

/** Passes requests on to the path's backend. */
export function createOriginHandler(
  path: RolloutPath,
  { UPSTREAM_TIMEOUT_MS }: FastlySettings,
  logger: Logger,
): RequestHandler<Request, RolloutClient, Response> {
  const proxy = createFetchProxy({
    path,
    logger,
    timeoutMs: UPSTREAM_TIMEOUT_MS,
    send: async (request, client) => send(path, request, client),
  });
  return (request, client) => {
    const isWebSocket =
      request.method === "GET" && request.headers.get("upgrade")?.toLowerCase() === "websocket";
    return isWebSocket ? handOff(path, request, client) : proxy(request, client);
  };
}

function handOff(path: RolloutPath, request: Request, client: RolloutClient): Response {
  const headers = headersToOrigin(request, client);
  // The hand-off has no body.
  headers.delete("content-length");
  headers.set("connection", "upgrade");
  headers.set("upgrade", "websocket");
  return createWebsocketHandoff(new Request(request.url, { headers }), BACKEND[path]);
}

async function send(path: RolloutPath, request: Request, client: RolloutClient): Promise<Response> {
  const answer = await fetch(
    new Request(request.url, {
      method: request.method,
      headers: headersToOrigin(request, client),
      body: request.body,
      backend: BACKEND[path],
      // Fastly's own key is host and URL, without the backend: the paths would share entries.
      cacheKey: `${path} ${request.url}`,
    }),
  );
  return toResponse(answer, request.method === "HEAD");
}

function headersToOrigin(request: Request, client: RolloutClient): Headers {
  const headers = forwardedHeaders(request, client);
  // `cacheKey` travels in this header, to which a client could otherwise add its own.
  headers.delete("fastly-xqd-cache-key");
  return headers;
}

function toResponse(answer: Response, isHead: boolean): Response {
  // Taken first, and put back last: the platform sorts headers that are copied, and of more than 16
  // it mixes up those of one name. Of two cookies of one name, the last must win.
  const cookies = answer.headers.getSetCookie();
  const headers = endToEndHeaders(answer.headers);
  headers.delete("set-cookie");
  deleteGatewayHeaders(headers);
  const response = new Response(answer.body, {
    status: answer.status,
    statusText: answer.statusText,
    headers,
    // Or a response to HEAD would lose its Content-Length.
    manualFramingHeaders: isHead,
  });
  for (const cookie of cookies) response.headers.append("set-cookie", cookie);
  return response;
}
