import { once } from "node:events";
import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { request as httpRequest } from "node:http";
import { buffer } from "node:stream/consumers";

/** A request, and the address that it comes from. */
export interface SendOptions extends RequestOptions {
  /** An address of this machine, such as any in 127.0.0.0/8. */
  readonly clientIp?: string;
  readonly body?: string | Buffer;
}

/** A whole response. */
export interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: IncomingMessage["headers"];
  /** Names and values in turn, as they came. */
  readonly rawHeaders: string[];
  readonly body: Buffer;
  readonly text: string;
  /** The value of `x-edgezero-path`. */
  readonly path: string | undefined;
}

/** Opens a request on a connection of its own, unless an agent is given; its body is left open. */
export function open(url: string, { clientIp, ...options }: SendOptions = {}): ClientRequest {
  const from = clientIp === undefined ? {} : { localAddress: clientIp };
  return httpRequest(url, { agent: false, ...from, ...options });
}

/** The response to a request, as soon as its headers are there. */
export async function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  // A server that has answered may close before it has the whole body. `once` hears of faults before
  // the answer; what breaks off after it is the response's to tell.
  request.on("error", () => {});
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return response;
}

/** Sends a request and reads its response to the end; rejects when the response breaks off. */
export async function send(url: string, { body, ...options }: SendOptions = {}): Promise<Answer> {
  const request = open(url, options);
  request.end(body);
  const response = await responseTo(request);
  const received = await buffer(response);
  return {
    status: response.statusCode ?? 0,
    statusText: response.statusMessage ?? "",
    headers: response.headers,
    rawHeaders: response.rawHeaders,
    body: received,
    text: received.toString(),
    path: response.headers["x-edgezero-path"] as string | undefined,
  };
}

/** The values of one header, in the order in which they came. */
export function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name);
}
