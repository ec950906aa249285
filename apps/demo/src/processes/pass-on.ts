import type { IncomingMessage, ServerResponse } from "node:http";
import { request as ask } from "node:http";

/** Passes a request on to another server of this machine, and its answer back as it comes. */
export async function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  target: string,
): Promise<void> {
  const url = new URL(request.url ?? "/", target);
  const { method, headers } = request;
  // `Host` stays: the server compares it with the origin of the page.
  const asked = ask(url, { method: method ?? "GET", headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    // An event stream may wait for long with its first byte.
    response.flushHeaders();
    answer.pipe(response);
    answer.on("error", () => response.destroy());
  });
  asked.on("error", () => response.destroy());
  response.on("close", () => asked.destroy());
  request.pipe(asked);
}
