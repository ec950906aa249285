import type { Dispatcher } from "undici";
import { endToEndHeaders } from "./forwarded-headers.ts";
import type { GatewayResponse } from "../routing/gateway-response.ts";
import { OriginResponse } from "./response.ts";

/** Responses that end with their headers: RFC 9112, section 6.3. A 205 is not one of them. */
const NO_BODY = new Set([204, 304]);

/** Most bytes of a body that wait before anyone sends them on. */
const MAX_WAITING = 64 * 1024;

/** Node writes a text of up to this many bytes without another allocation, headers included. */
const MAX_BODY_AS_TEXT = 15 * 1024;

/** Who hears of an origin's answer. */
export interface OriginAnswer {
  readonly onResponse: (response: OriginResponse) => void;
  /** Why there is no response, or no more of it. */
  readonly onFailure: (error: Error) => void;
}

/**
 * One request to an origin, from its dispatch to the last byte of its response, and to the client
 * that gets it: the request is aborted when that goes away.
 *
 * A handler of undici's `dispatch`, which costs half of its `request`: no stream, no signal and
 * no promise of its own for each response.
 */
export class OriginExchange implements Dispatcher.DispatchHandler {
  readonly #method: string;
  readonly #outgoing: GatewayResponse;
  readonly #answer: OriginAnswer;
  #controller: Dispatcher.DispatchController | undefined;
  #isAnswered = false;
  #isSending = false;
  #isEnded = false;
  /** Until the client takes more. */
  #isHeld = false;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;

  constructor(method: string, outgoing: GatewayResponse, answer: OriginAnswer) {
    this.#method = method;
    this.#outgoing = outgoing;
    this.#answer = answer;
    outgoing.once("close", () => this.#abort());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#outgoing.destroyed) this.#abort();
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    statusText = "",
  ): void {
    if (status < 200) return;
    this.#isAnswered = true;
    const rawHeaders = endToEndHeaders(toText(controller.rawHeaders as Buffer[]));
    // Without a body, what comes next can break nothing: undici misses one where a length is given.
    this.#isEnded = this.#method === "HEAD" || NO_BODY.has(status);
    const body = this.#isEnded ? null : this;
    this.#answer.onResponse(new OriginResponse(status, statusText, rawHeaders, body));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isSending) {
      this.#write(chunk);
      return;
    }
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes >= MAX_WAITING) controller.pause();
  }

  onResponseEnd(): void {
    this.#isEnded = true;
    if (this.#isSending) this.#outgoing.end();
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const outgoing = this.#outgoing;
    if (this.#isAnswered) {
      if (outgoing.destroyed) return;
      outgoing.isBrokenOff = true;
      outgoing.destroy();
    }
    this.#answer.onFailure(error);
  }

  /** Sends the body, as fast as it is taken, after headers that are written but not yet sent. */
  sendBody(): void {
    const outgoing = this.#outgoing;
    this.#isSending = true;
    // What is written to a client that is gone: the close comes all the same.
    outgoing.on("error", () => {});
    const [first, second] = this.#waiting;
    if (this.#isEnded && first && !second && first.length <= MAX_BODY_AS_TEXT) {
      // As text, byte for byte, it goes out as one with the headers: `writev` costs a tenth more.
      outgoing.end(first.toString("latin1"), "latin1");
      return;
    }
    // One write for all that is there by now: each is a system call. Headers must not wait for a
    // body that may take its time, though. Not the response's own `cork`: that of Node 22 and 24 sends
    // a chunked body after its end.
    const { socket } = outgoing;
    socket?.cork();
    // `flushHeaders` would write them as UTF-8, which changes every byte that is not ASCII.
    outgoing.write("", "latin1");
    for (const chunk of this.#waiting) this.#write(chunk);
    this.#waiting = [];
    if (this.#isEnded) {
      outgoing.end();
      return;
    }
    if (!this.#isHeld) this.#controller?.resume();
    if (socket) setImmediate(() => socket.uncork());
  }

  #write(chunk: Buffer): void {
    if (this.#outgoing.write(chunk) || this.#isHeld) return;
    this.#isHeld = true;
    this.#controller?.pause();
    this.#outgoing.once("drain", () => {
      this.#isHeld = false;
      this.#controller?.resume();
    });
  }

  #abort(): void {
    if (!this.#isEnded) this.#controller?.abort(new Error("the client went away"));
  }
}

/** As bytes, one character each. */
function toText(rawHeaders: readonly Buffer[]): string[] {
  return rawHeaders.map((each) => each.toString("latin1"));
}
