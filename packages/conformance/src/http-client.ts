import type { ClientRequest, OutgoingHttpHeaders } from "node:http";
import type { Answer, SendOptions } from "@edgezero/testbed/http-client";
import { open as openUrl, send as sendTo } from "@edgezero/testbed/http-client";
import type { Route } from "./runtime.ts";

/** Anything that takes requests. */
export interface Target {
  route(clientIp?: string): Route;
}

/** A request, and the client that it comes from. */
export interface RequestFrom extends Pick<SendOptions, "method" | "path" | "body" | "agent"> {
  readonly clientIp?: string;
  readonly headers?: OutgoingHttpHeaders;
}

/** Opens a request on a connection of its own, unless an agent is given; its body is left open. */
export function open(target: Target, request: RequestFrom = {}): ClientRequest {
  return openUrl(...alongRoute(target, request));
}

/** Sends a request and reads its response to the end; rejects when the response breaks off. */
export async function send(target: Target, request: RequestFrom = {}): Promise<Answer> {
  return sendTo(...alongRoute(target, request));
}

/** A request as that client sends it: from its address, or with headers that name the address. */
function alongRoute(
  target: Target,
  { clientIp, headers, ...request }: RequestFrom,
): [string, SendOptions] {
  const { url, localAddress, headers: headersOfRoute } = target.route(clientIp);
  const from = localAddress === undefined ? {} : { clientIp: localAddress };
  return [url, { path: "/", ...request, ...from, headers: { ...headersOfRoute, ...headers } }];
}
