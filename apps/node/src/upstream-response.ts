import type { Readable } from "node:stream";
import type { GatewayResponse } from "./gateway-response.ts";

/** What Node can send as one. Others, such as undici makes of Latin-1, are left for Node's own. */
const REASON_PHRASE = /^[\t -~\x80-\xff]+$/;

/** As `Headers`; names are in lower case. */
interface UpstreamHeaders {
  get(name: string): string | null;
  set(name: string, value: string): void;
}

/**
 * An origin's response on its way to the client: its headers as they came, its body as a Node
 * stream. A Web `Response` would copy every chunk, and lose the order and spelling of the headers.
 */
export class UpstreamResponse {
  readonly status: number;
  readonly statusText: string;
  readonly body: Readable | null;
  /** Names and values in turn. */
  readonly rawHeaders: string[];
  readonly headers: UpstreamHeaders = {
    get: (name) => this.#get(name),
    set: (name, value) => {
      this.#delete(name);
      this.rawHeaders.push(name, value);
    },
  };

  constructor(status: number, statusText: string, rawHeaders: string[], body: Readable | null) {
    this.status = status;
    this.statusText = statusText;
    this.rawHeaders = rawHeaders;
    this.body = body;
  }

  /** Writes the response. A body that breaks off upstream breaks off for the client too. */
  sendTo(outgoing: GatewayResponse): void {
    if (REASON_PHRASE.test(this.statusText)) {
      outgoing.writeHead(this.status, this.statusText, this.rawHeaders);
    } else {
      outgoing.writeHead(this.status, this.rawHeaders);
    }
    if (this.body === null) {
      outgoing.end();
      return;
    }
    // One write for all that is there by now, which for a small response is all of it: each write
    // is a system call. Headers must not wait for a body that may take its time, though.
    outgoing.cork();
    setImmediate(() => outgoing.uncork());
    // `flushHeaders` would write them as UTF-8, which changes every byte that is not ASCII.
    outgoing.write("", "latin1");
    pass(this.body, outgoing);
  }

  #get(name: string): string | null {
    const values: string[] = [];
    for (let i = 0; i + 1 < this.rawHeaders.length; i += 2) {
      if (this.rawHeaders[i]?.toLowerCase() === name) values.push(this.rawHeaders[i + 1] as string);
    }
    return values.length === 0 ? null : values.join(", ");
  }

  #delete(name: string): void {
    for (let i = this.rawHeaders.length - 2; i >= 0; i -= 2) {
      if (this.rawHeaders[i]?.toLowerCase() === name) this.rawHeaders.splice(i, 2);
    }
  }
}

/**
 * Passes a body on, as fast as it is taken. As `stream.pipeline`, which aborts a signal of its own at
 * the end of each response, and spends a tenth of a request's time on that.
 */
function pass(body: Readable, outgoing: GatewayResponse): void {
  body.on("data", (chunk: Buffer) => {
    if (!outgoing.write(chunk)) body.pause();
  });
  outgoing.on("drain", () => body.resume());
  body.once("end", () => outgoing.end());
  // Once the client is gone, the body breaks off for that.
  body.once("error", () => {
    if (!outgoing.destroyed) outgoing.isBrokenOff = true;
  });
  body.once("close", () => {
    if (!body.readableEnded) outgoing.destroy();
  });
  outgoing.once("close", () => body.destroy());
  // What is written to a client that is gone: the close comes all the same.
  outgoing.on("error", () => {});
}
