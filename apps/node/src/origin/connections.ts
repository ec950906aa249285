import type { Socket } from "node:net";
import { errorCode } from "@edgezero/faults/faults";
import type { buildConnector, Dispatcher } from "undici";
import { Client } from "undici";
import type { OriginCounts } from "./counts.ts";
import { createOriginConnector } from "./connector.ts";
import type { Share } from "./shares.ts";
import { Shares } from "./shares.ts";
import type { OriginTls } from "./tls.ts";

/** How many requests may wait for each connection that there may be. */
const WAITING_FOR_EACH = 4;

/** Options of {@link OriginConnections}. */
export interface OriginConnectionsOptions {
  readonly maxConnections: number;
  /** How long a request may wait for a connection, in milliseconds. */
  readonly queueTimeoutMs: number;
  /** How long a connection takes requests, in milliseconds. */
  readonly maxAgeMs: number;
  /** How long an origin may take to connect, to answer, and between two chunks, in milliseconds. */
  readonly timeoutMs: number;
  readonly tls?: OriginTls;
}

/** A request on its way to an origin. */
export interface OriginRequest {
  readonly options: Dispatcher.DispatchOptions;
  readonly handler: Dispatcher.DispatchHandler;
  /** Its client, for a fair share. */
  readonly client: string;
  /** Called instead of the handler where the request has waited too long, or too many wait. */
  readonly onRefused: () => void;
}

/** A request that waits for a connection, or has one. */
interface Asked {
  readonly request: OriginRequest;
  readonly share: Share<Asked>;
  place: Place | null;
  timer: NodeJS.Timeout | undefined;
}

/** A connection that is open. */
interface Connection {
  readonly socket: Socket;
  readonly since: number;
}

/** A place for one connection: undici's client connects when it gets a request. */
interface Place {
  client: Client;
  connection: Connection | null;
  asked: Asked | null;
  /** Bytes of the connection that were there before the request; `null` on a new connection. */
  readBefore: number | null;
  sendsAgain: boolean;
}

/** A request that was given to {@link OriginConnections}. */
export interface SentRequest {
  /** Takes it out of the queue, where it still waits. */
  cancel(): void;
  /** Sends it once more on a new connection where that changes nothing, and tells whether it does. */
  retry(fault: unknown): boolean;
}

/**
 * The connections to one origin: at most so many, each used by one request at a time. Requests beyond
 * that wait, and each client gets its share. To find a free connection takes the same time however
 * many there are; undici's pool walks them for each request.
 */
export class OriginConnections {
  readonly #origin: URL;
  readonly #options: OriginConnectionsOptions;
  readonly #counts: OriginCounts;
  readonly #connect: buildConnector.connector;
  readonly #shares: Shares<Asked>;
  readonly #places = new Set<Place>();
  /** Free places, the last used one last, so that those that a burst has opened fall idle. */
  readonly #connected: Place[] = [];
  readonly #unconnected: Place[] = [];

  constructor(origin: URL, counts: OriginCounts, options: OriginConnectionsOptions) {
    this.#origin = origin;
    this.#options = options;
    this.#counts = counts;
    this.#connect = createOriginConnector(options.timeoutMs, options.tls);
    const maxHeld = options.maxConnections;
    this.#shares = new Shares({ maxHeld, maxWaiting: maxHeld * WAITING_FOR_EACH });
  }

  /** Sends a request now or in its turn. Its handler is called at most once with an answer. */
  send(request: OriginRequest): SentRequest {
    const share = this.#shares.of(request.client);
    const asked: Asked = { request, share, place: null, timer: undefined };
    const place = this.#shares.mayHoldMore(share) ? this.#freePlace() : null;
    if (place !== null) this.#begin(place, asked);
    else this.#wait(asked);
    return {
      cancel: () => this.#leave(asked),
      retry: (fault) => mayRetry(asked, fault),
    };
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.#places, ({ client }) => client.destroy()));
  }

  #wait(asked: Asked): void {
    if (!this.#shares.enqueue(asked.share, asked)) {
      this.#refuse(asked);
      return;
    }
    this.#counts.waiting = this.#shares.waiting;
    asked.timer = setTimeout(() => {
      this.#leave(asked);
      this.#refuse(asked);
    }, this.#options.queueTimeoutMs);
  }

  #leave(asked: Asked): void {
    if (asked.place !== null) return;
    clearTimeout(asked.timer);
    this.#shares.leave(asked.share, asked);
    this.#counts.waiting = this.#shares.waiting;
  }

  #refuse({ request }: Asked): void {
    this.#counts.refused++;
    request.onRefused();
  }

  #begin(place: Place, asked: Asked): void {
    clearTimeout(asked.timer);
    this.#shares.hold(asked.share);
    asked.place = place;
    place.asked = asked;
    this.#dispatch(place, asked);
  }

  #dispatch(place: Place, { request }: Asked): void {
    place.readBefore = place.connection?.socket.bytesRead ?? null;
    const { client } = place;
    const isFree = client.dispatch(request.options, request.handler);
    // A request that undici does not accept is over, and no `drain` follows.
    if (!isFree && client.stats.size === 0) this.#end(place);
  }

  /** The place has done all that it was asked for. */
  #end(place: Place): void {
    const { asked } = place;
    if (asked === null) return;
    if (place.sendsAgain) {
      place.sendsAgain = false;
      this.#dispatch(place, asked);
      return;
    }
    place.asked = null;
    if (place.connection !== null && this.#isOld(place.connection)) this.#renew(place);
    this.#shares.release(asked.share);
    const next = this.#shares.next();
    if (next === undefined) {
      (place.connection === null ? this.#unconnected : this.#connected).push(place);
      return;
    }
    this.#counts.waiting = this.#shares.waiting;
    this.#begin(place, next);
  }

  #freePlace(): Place | null {
    let place: Place | undefined;
    while ((place = this.#connected.pop()) !== undefined) {
      if (place.connection === null) {
        // It was closed while it was idle.
        this.#unconnected.push(place);
        continue;
      }
      if (this.#isOld(place.connection)) this.#renew(place);
      return place;
    }
    place = this.#unconnected.pop();
    if (place !== undefined) return place;
    return this.#places.size < this.#options.maxConnections ? this.#newPlace() : null;
  }

  #newPlace(): Place {
    const nothing = { connection: null, asked: null, readBefore: null, sendsAgain: false };
    const place: Place = { client: null as never, ...nothing };
    place.client = this.#newClient(place);
    this.#places.add(place);
    return place;
  }

  #isOld({ since }: Connection): boolean {
    return performance.now() - since >= this.#options.maxAgeMs;
  }

  /** Closes an idle connection, so that the next request looks up the origin's name. */
  #renew(place: Place): void {
    void place.client.destroy();
    place.connection = null;
    place.client = this.#newClient(place);
  }

  #newClient(place: Place): Client {
    const { timeoutMs, maxAgeMs } = this.#options;
    let socket: Socket | null = null;
    const client = new Client(this.#origin, {
      connect: (options, callback) =>
        this.#connect(options, (...result) => {
          [, socket] = result;
          callback(...result);
        }),
      allowH2: false,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      keepAliveMaxTimeout: maxAgeMs,
    });
    client.on("connect", () => {
      this.#counts.connections++;
      if (socket !== null) place.connection = { socket, since: performance.now() };
      place.readBefore = null;
    });
    client.on("disconnect", () => {
      this.#counts.connections--;
      if (place.client === client) place.connection = null;
    });
    client.on("drain", () => {
      if (place.client === client) this.#end(place);
    });
    return client;
  }
}

/** RFC 9110, section 9.2.2. */
const IDEMPOTENT: ReadonlySet<string> = new Set("GET HEAD OPTIONS TRACE PUT DELETE".split(" "));
const BROKEN: ReadonlySet<string> = new Set(["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"]);

/**
 * An origin may close a kept connection in the moment in which a request is sent on it. RFC 9112,
 * section 9.3.1, allows to send it again where that changes nothing and no byte has come.
 */
function mayRetry({ place, request }: Asked, fault: unknown): boolean {
  if (place === null || place.sendsAgain || place.readBefore === null) return false;
  const { method, body } = request.options;
  if (body || !IDEMPOTENT.has(method) || !BROKEN.has(errorCode(fault))) return false;
  if (place.connection?.socket.bytesRead !== place.readBefore) return false;
  place.sendsAgain = true;
  return true;
}
