import type { ClientRequest, OutgoingHttpHeaders } from "node:http";
import { connect } from "node:net";
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

/**
 * Sends a request that no client library writes, and gives the answer as text.
 *
 * @param lines The request line and the headers, as Latin-1, without the empty line after them.
 */
export async function sendLines(
  target: Target,
  lines: readonly string[],
  body = "",
): Promise<string> {
  const { hostname, port } = new URL(target.route().url);
  const socket = connect(Number(port), hostname);
  // Not ended: a client that stops sending is one that went away, to some servers.
  socket.write(`${lines.join("\r\n")}\r\n\r\n${body}`, "latin1");
  return new Promise((resolve) => {
    let answer = "";
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      answer += chunk;
      // Some servers leave the connection of a request open that they have refused.
      if (/^HTTP\/1\.1 [45]/.test(answer)) socket.end();
    });
    socket.on("error", () => {}).once("close", () => resolve(answer));
  });
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
