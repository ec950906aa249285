import type { Dispatcher } from "undici";
import type { ExchangeState } from "./exchange-state.ts";
import { ENDED, HELD, isComplete, SENDING, WAITING } from "./exchange-state.ts";
import type { OriginAnswer, OriginBody, Outgoing } from "./handler.ts";
import { endToEndHeaders } from "./headers.ts";
import { OriginResponse } from "./response.ts";
import { sendWhole, startTogether } from "./send-body.ts";

/** Statuses without a body: RFC 9112, section 6.3. A 205 may have one. */
const NO_BODY = new Set([204, 304]);

/** Bytes of a body that may wait before the origin is paused. */
const MAX_BUFFERED = 64 * 1024;

/** Receives the outcome of an exchange. */
export interface OriginListener {
  readonly onAnswer: (answer: OriginAnswer) => void;
  /** The origin gave no response, or broke off in the middle of one. */
  readonly onFault: (fault: Error) => void;
  /** Asked before a fault without any answer is reported: `true` where the request is sent again. */
  readonly mayRetry?: (fault: Error) => boolean;
  /** The client went away before the request was sent. */
  readonly onGone?: () => void;
}

/**
 * One request to an origin, from its dispatch until the client has the last byte of the response.
 * It is aborted when the client goes away.
 *
 * A handler of undici's `dispatch`, which costs half as much as its `request`: it makes no stream, no
 * signal and no promise for each response.
 */
export class OriginExchange implements Dispatcher.DispatchHandler, OriginBody {
  readonly #method: string;
  readonly #outgoing: Outgoing;
  readonly #listener: OriginListener;
  readonly #stallMs: number;
  #controller: Dispatcher.DispatchController | undefined;
  #state: ExchangeState = WAITING;

  /** @param stallMs How long a client may take nothing, in milliseconds; 0 sets no limit. */
  constructor(method: string, outgoing: Outgoing, listener: OriginListener, stallMs = 0) {
    this.#stallMs = stallMs;
    this.#method = method;
    this.#outgoing = outgoing;
    this.#listener = listener;
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
    const rawHeaders = endToEndHeaders(toText(controller.rawHeaders as Buffer[]));
    // Without a body the exchange has ended. undici may still wait for one, where a length is given,
    // and then report a fault that must break nothing.
    const hasBody = this.#method !== "HEAD" && !NO_BODY.has(status);
    this.#state = hasBody ? { kind: "buffering", chunks: [], bytes: 0 } : ENDED;
    const body = hasBody ? this : null;
    this.#listener.onAnswer(new OriginResponse(status, statusText, rawHeaders, body));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const state = this.#state;
    if (state.kind === "buffering") {
      state.chunks.push(chunk);
      state.bytes += chunk.length;
      if (state.bytes >= MAX_BUFFERED) controller.pause();
    } else if (state.kind === "sending" || state.kind === "held") {
      this.#write(chunk);
    }
  }

  onResponseEnd(): void {
    const state = this.#state;
    if (state.kind === "buffering") {
      this.#state = { kind: "buffered", chunks: state.chunks };
    } else if (state.kind === "sending" || state.kind === "held") {
      this.#state = ENDED;
      this.#outgoing.end();
    }
  }

  onResponseError(_controller: unknown, fault: Error): void {
    const state = this.#state;
    if (isComplete(state)) return;
    if (state.kind === "waiting" && !this.#outgoing.destroyed && this.#listener.mayRetry?.(fault)) {
      return;
    }
    this.#state = ENDED;
    if (state.kind !== "waiting") {
      // The client went away first, so that there is nothing to break off and nothing to report.
      if (this.#outgoing.destroyed) return;
      this.#outgoing.isBrokenOff = true;
      this.#outgoing.destroy();
    }
    this.#listener.onFault(fault);
  }

  sendBody(): void {
    const state = this.#state;
    const outgoing = this.#outgoing;
    // A write to a client that is gone fails, and `close` follows all the same.
    outgoing.on("error", () => {});
    if (state.kind === "buffered") {
      this.#state = ENDED;
      sendWhole(outgoing, state.chunks);
      if (outgoing.socket?.writableNeedDrain) this.#limitStall(this.#stallMs);
    } else if (state.kind === "buffering") {
      this.#state = SENDING;
      const { socket } = outgoing;
      startTogether(outgoing);
      for (const chunk of state.chunks) this.#write(chunk);
      if (this.#state.kind === "sending") this.#controller?.resume();
      // Headers must not wait for a body that may take its time.
      if (socket) setImmediate(() => socket.uncork());
    }
  }

  #write(chunk: Buffer): void {
    if (this.#outgoing.write(chunk) || this.#state.kind === "held") return;
    this.#state = HELD;
    this.#controller?.pause();
    this.#limitStall(this.#stallMs);
    this.#outgoing.once("drain", () => {
      this.#limitStall(0);
      if (this.#state.kind !== "held") return;
      this.#state = SENDING;
      this.#controller?.resume();
    });
  }

  /** Node closes a connection on which nothing moves for so long. */
  #limitStall(limitMs: number): void {
    if (this.#stallMs > 0) this.#outgoing.socket?.setTimeout(limitMs);
  }

  #abort(): void {
    if (isComplete(this.#state)) return;
    if (this.#controller === undefined) this.#listener.onGone?.();
    else this.#controller.abort(new Error("the client went away"));
  }
}

/** One character for each byte. */
function toText(rawHeaders: readonly Buffer[]): string[] {
  return rawHeaders.map((each) => each.toString("latin1"));
}
