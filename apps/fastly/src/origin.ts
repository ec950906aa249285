import type { ForwardingRules } from "@edgezero/gateway";
import {
  createFetchProxy,
  createSourceOf,
  endToEndHeaders,
  forwardedHeaders,
  hostNames,
  isLoop,
  viaName,
} from "@edgezero/gateway";
import type { Logger, RequestHandler, RolloutClient, RolloutPath } from "@edgezero/rollout";
import { env } from "fastly:env";
import { createWebsocketHandoff } from "fastly:websocket";
import { BACKEND, originOf } from "./backend.ts";
import type { FastlySettings } from "./settings.ts";

/** A request on its way to a backend. */
interface Asked {
  readonly path: RolloutPath;
  readonly request: Request;
  readonly headers: Headers;
}

/** Passes requests on to the path's backend. */
export function createOriginHandler(
  path: RolloutPath,
  { UPSTREAM_TIMEOUT_MS, ORIGIN_HOST, UNTRUSTED_HEADERS }: FastlySettings,
  logger: Logger,
): RequestHandler<Request, RolloutClient, Response> {
  // A sandbox serves few requests, so the name is the service's.
  const via = viaName(env("FASTLY_SERVICE_ID") ?? "");
  const rules: ForwardingRules = { sourceOf: createSourceOf(UNTRUSTED_HEADERS), via };

  /** The origin whose name it gets as `Host`; `null` where that is the client's. */
  const named = (): URL | null => (ORIGIN_HOST === "origin" ? originOf(path) : null);

  function asked(request: Request, client: RolloutClient): Asked {
    const headers = forwardedHeaders(request, client, rules);
    // `cacheKey` travels in this header, to which a client could otherwise add its own.
    headers.delete("fastly-xqd-cache-key");
    headers.set("host", (named() ?? new URL(request.url)).host);
    return { path, request, headers };
  }

  const proxy = createFetchProxy({
    path,
    via,
    logger,
    timeoutMs: UPSTREAM_TIMEOUT_MS,
    send: async (request, client) => send(asked(request, client)),
    namesOf(request) {
      const origin = named();
      return origin === null ? null : hostNames(request, origin);
    },
  });
  return (request, client) => {
    const { method, headers } = request;
    const isWebSocket = method === "GET" && headers.get("upgrade")?.toLowerCase() === "websocket";
    // What is handed over passes no proxy of ours, which would find that it is a loop.
    return isWebSocket && !isLoop(headers.get("via"), via)
      ? handOff(asked(request, client))
      : proxy(request, client);
  };
}

function handOff({ path, request, headers }: Asked): Response {
  // The hand-off has no body.
  headers.delete("content-length");
  headers.set("connection", "upgrade");
  headers.set("upgrade", "websocket");
  return createWebsocketHandoff(new Request(request.url, { headers }), BACKEND[path]);
}

async function send({ path, request, headers }: Asked): Promise<Response> {
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
  return toResponse(answer, request.method === "HEAD");
}

function toResponse(answer: Response, isHead: boolean): Response {
  // Taken first, and put back last: the platform sorts headers that are copied, and of more than 16
  // it mixes up those of one name. Of two cookies of one name, the last must win.
  const cookies = answer.headers.getSetCookie();
  const headers = endToEndHeaders(answer.headers);
  headers.delete("set-cookie");
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
