import type { Dispatcher } from "undici";
import type { OriginAnswer, OriginBody, Outgoing } from "./handler.ts";
import { endToEndHeaders } from "./headers.ts";
import { OriginResponse } from "./response.ts";

/** Statuses without a body: RFC 9112, section 6.3. A 205 may have one. */
const NO_BODY = new Set([204, 304]);

/** Bytes of a body that may wait before the origin is paused. */
const MAX_BUFFERED = 64 * 1024;

/** Node writes a text of up to this many bytes, headers included, without another allocation. */
const MAX_BODY_AS_TEXT = 15 * 1024;

/**
 * The state of an exchange. All transitions:
 *
 *     waiting          headers                 -> buffering
 *     waiting          headers, and no body    -> ended
 *     buffering        end of the body         -> buffered
 *     buffering        sendBody                -> sending
 *     buffered         sendBody                -> ended
 *     sending          the client is slower    -> held
 *     held             the client takes more   -> sending
 *     sending, held    end of the body         -> ended
 *     any of these, without buffered: a fault  -> ended
 *
 * In `buffered` and `ended` the origin has said all that counts: a fault after that is ignored, and a
 * client that goes away aborts nothing.
 */
type State =
  /** The origin has not sent its final headers. */
  | { readonly kind: "waiting" }
  /** The body arrives, and the gateway has not yet asked for it. */
  | { readonly kind: "buffering"; readonly chunks: Buffer[]; bytes: number }
  /** The whole body has arrived, and the gateway has not yet asked for it. */
  | { readonly kind: "buffered"; readonly chunks: readonly Buffer[] }
  /** Each chunk goes to the client as it arrives. */
  | { readonly kind: "sending" }
  /** The client must take what is written before the origin may send more. */
  | { readonly kind: "held" }
  | { readonly kind: "ended" };

const WAITING: State = { kind: "waiting" };
const SENDING: State = { kind: "sending" };
const HELD: State = { kind: "held" };
const ENDED: State = { kind: "ended" };

/** Receives the outcome of an exchange. */
export interface OriginListener {
  readonly onAnswer: (answer: OriginAnswer) => void;
  /** The origin gave no response, or broke off in the middle of one. */
  readonly onFault: (fault: Error) => void;
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
  #controller: Dispatcher.DispatchController | undefined;
  #state: State = WAITING;

  constructor(method: string, outgoing: Outgoing, listener: OriginListener) {
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
    // Without a body the exchange has ended: undici waits for a body wherever a length is given.
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
    const { kind } = this.#state;
    if (kind === "buffered" || kind === "ended") return;
    this.#state = ENDED;
    if (kind !== "waiting") {
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
    this.#outgoing.once("drain", () => {
      if (this.#state.kind !== "held") return;
      this.#state = SENDING;
      this.#controller?.resume();
    });
  }

  #abort(): void {
    const { kind } = this.#state;
    if (kind === "buffered" || kind === "ended") return;
    this.#controller?.abort(new Error("the client went away"));
  }
}

function sendWhole(outgoing: Outgoing, chunks: readonly Buffer[]): void {
  const [first, second] = chunks;
  if (first && !second && first.length <= MAX_BODY_AS_TEXT) {
    // As text, byte for byte, it goes out in one piece with the headers: `writev` costs a tenth more.
    outgoing.end(first.toString("latin1"), "latin1");
    return;
  }
  startTogether(outgoing);
  for (const chunk of chunks) outgoing.write(chunk);
  outgoing.end();
}

/**
 * Corks the socket and starts the response, so that the headers and all chunks that are there go out
 * in one write: each write is a system call. The response's own `cork` would not do: that of Node 22
 * and 24 sends a chunked body after its end.
 */
function startTogether(outgoing: Outgoing): void {
  outgoing.socket?.cork();
  // `flushHeaders` would write the headers as UTF-8, which changes every byte that is not ASCII.
  outgoing.write("", "latin1");
}

/** One character for each byte. */
function toText(rawHeaders: readonly Buffer[]): string[] {
  return rawHeaders.map((each) => each.toString("latin1"));
}
