import { once } from "node:events";
import type { Agent, ClientRequest, IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { request as httpRequest } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Route } from "./runtime.ts";

/** What can be sent to. */
export interface Target {
  route(clientIp?: string): Route;
}

/** A request, and the address that it comes from. */
export interface RequestFrom {
  readonly clientIp?: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** What keeps connections open for the next request; without it each has its own. */
  readonly agent?: Agent;
}

/** A whole response. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly text: string;
  /** What `x-edgezero-path` says. */
  readonly path: string | undefined;
}

/** Opens a request on a connection of its own, unless an agent is given; its body is left open. */
export function open(
  target: Target,
  { clientIp, method, path, headers, agent }: RequestFrom = {},
): ClientRequest {
  const route = target.route(clientIp);
  return httpRequest(new URL(route.url), {
    agent: agent ?? false,
    method: method ?? "GET",
    path: path ?? "/",
    headers: { ...route.headers, ...headers },
    ...(route.localAddress === undefined ? {} : { localAddress: route.localAddress }),
  });
}

/** The response to a request, as soon as its headers are there. */
export async function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return response;
}

/** Sends a request and reads its response to the end; rejects when the response breaks off. */
export async function send(target: Target, request: RequestFrom = {}): Promise<Answer> {
  const opened = open(target, request);
  opened.end(request.body);
  const response = await responseTo(opened);
  const body = await buffer(response);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    rawHeaders: response.rawHeaders,
    body,
    text: body.toString(),
    path: response.headers["x-edgezero-path"] as string | undefined,
  };
}

/** The values of one header, in the order in which they came. */
export function valuesOf({ rawHeaders }: Pick<Answer, "rawHeaders">, name: string): string[] {
  return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name);
}
