import type { ConfigValues } from "@edgezero/testbed/contracts/config-store";
import type { DecisionEvent } from "@edgezero/rollout/attribution";
import type { FASTLY_SECRETS, FASTLY_SETTINGS } from "@edgezero/settings";
import type { OriginUrls } from "@edgezero/testbed/upstream";
import type { MalformedRequest } from "./cases/malformed-requests.ts";

/** A client address, and the bucket that it is in on every runtime. */
export interface KnownClient {
  readonly text: string;
  readonly bucket: number;
}

/** How to reach a gateway as one of its clients. */
export interface Route {
  readonly url: string;
  readonly localAddress?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A JSON line of a gateway's log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** The line of an event. */
export type EventLine = DecisionEvent & LogLine;

/** The settings of a gateway, by the names that they have on every runtime. */
export type GatewaySettings = Readonly<
  Partial<Record<keyof typeof FASTLY_SETTINGS | keyof typeof FASTLY_SECRETS, string>>
>;

/**
 * The settings of every gateway unless a test gives others: each event is written, and an origin that hangs
 * is not waited for long. Origins answer in the tests' own process, which may stand still for seconds.
 */
export const DEFAULT_SETTINGS: GatewaySettings = {
  SERVICE_NAME: "conformance",
  EVENT_SAMPLE_RATE: "1",
  UPSTREAM_TIMEOUT_MS: "5000",
};

/** A running gateway, and functions that change its config from outside. */
export interface RuntimeUnderTest {
  /** All log lines so far. */
  readonly log: readonly LogLine[];
  /** All events so far, in the order in which they were written. */
  readonly events: readonly EventLine[];
  /** Gives the way to request it as a client; any client if `clientIp` is not given. */
  route(clientIp?: string): Route;
  /** Replaces the whole content of the store; `null` removes the store. The next request obeys. */
  write(values: ConfigValues | null): Promise<void>;
  /** Makes reads of one of {@link Runtime.unreadableKeys} fail. */
  makeUnreadable(key: string): Promise<void>;
  /** The same gateway as in production, for load. It stops together with this one. */
  underLoad(): Promise<LoadTarget>;
  stop(): Promise<void>;
}

/** A gateway under load. */
export interface LoadTarget extends Pick<RuntimeUnderTest, "route" | "write"> {
  /** How long the old config may still be in force after a write. */
  readonly propagationMs: number;
}

/** A runtime, and the cases that it can run. */
export interface Runtime {
  readonly name: string;
  /** The name of the runtime in its events. */
  readonly eventRuntime: string;
  /** `true` where its events tell how a response ended; otherwise why they cannot. */
  readonly tellsEnding: true | string;
  /** Why it cannot run on this machine, and how to change that. */
  readonly missing?: string;
  /** `true` where it can show an origin's answer to a WebSocket's request; otherwise why it cannot. */
  readonly tellsUpgrades: true | string;
  /** `true` where a test can see it send the client's `Host` to an origin; otherwise why not. */
  readonly sendsClientHost: true | string;
  /**
   * `true` where the answer of an origin that closes in the middle of an upload always reaches the client;
   * otherwise why not.
   */
  readonly hearsEarlyAnswers: true | string;
  /**
   * `true` where it sends a request again that a kept connection to an origin has cost; otherwise whose
   * the connections are.
   */
  readonly sendsAgain: true | string;
  /** `true` where its own log says which origin failed; otherwise what does. */
  readonly logsOriginFaults: true | string;
  /** `true` where the body of a GET reaches the origin; otherwise the status that the client gets. */
  readonly bodyOfGet: Readonly<Record<"of known length" | "in chunks", true | number>>;
  /**
   * How its platform takes a malformed request before the gateway sees it, where that is not as in the
   * table: with another status, by closing the connection, or as a request like any other.
   */
  readonly takesMalformed: Readonly<
    Partial<Record<MalformedRequest, number | "closed" | "served">>
  >;
  /** How many headers a test may send with a request, some below what the platform takes. */
  readonly mostHeaders: number;
  /** `true` where it sees the method of a request that asks for a WebSocket; otherwise why not. */
  readonly seesMethodOfUpgrade: true | string;
  /** Whether each answer comes from the same process or isolate; if not, why not. */
  readonly keepsInstance: true | string;
  /** Every client that a test can send as, each once. */
  readonly clients: readonly KnownClient[];
  /** The keys whose reads a test can make fail. */
  readonly unreadableKeys: readonly string[];
  /** The headers by which the platform itself names the client. */
  readonly platformHeaders: readonly string[];
  /** Whether the client gets an encoded body byte for byte; local workerd encodes it again. */
  readonly keepsEncodedBodies: boolean;
  /** Starts a gateway; settings that are not given are {@link DEFAULT_SETTINGS}. */
  readonly start: (origins: OriginUrls, settings?: GatewaySettings) => Promise<RuntimeUnderTest>;
}
