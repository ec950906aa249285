import type { ConfigValues } from "@edgezero/testbed/contracts/config-store";
import type { DecisionEvent } from "@edgezero/rollout/attribution";
import type { FASTLY_SECRETS, FASTLY_SETTINGS } from "@edgezero/settings";
import type { OriginUrls } from "@edgezero/testbed/upstream";

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

/** What a gateway has written to its log, where that is JSON. */
export type LogLine = Readonly<Record<string, unknown>>;

/** The line of an event. */
export type EventLine = DecisionEvent & LogLine;

/** How a gateway is set up, by the names that its settings have everywhere. */
export type GatewaySettings = Readonly<
  Partial<Record<keyof typeof FASTLY_SETTINGS | keyof typeof FASTLY_SECRETS, string>>
>;

/**
 * How every gateway is set up unless a test says otherwise: it writes each event, and an origin has
 * not long to answer.
 */
export const DEFAULT_SETTINGS: GatewaySettings = {
  SERVICE_NAME: "conformance",
  EVENT_SAMPLE_RATE: "1",
  UPSTREAM_TIMEOUT_MS: "2000",
};

/** A gateway that runs, and the hands that change its config from outside. */
export interface RuntimeUnderTest {
  /** Everything that was logged until now. */
  readonly log: readonly LogLine[];
  /** The events that were written until now, in the order in which they were. */
  readonly events: readonly EventLine[];
  /** How to reach it as a client; as any one, where none is named. */
  route(clientIp?: string): Route;
  /** Replaces all that the store holds, `null`: it is missing. The next request obeys. */
  write(values: ConfigValues | null): Promise<void>;
  /** Lets reads of one key fail, of those in {@link Runtime.unreadableKeys}. */
  makeUnreadable(key: string): Promise<void>;
  /** The same gateway as it runs in production, to put under load. It stops with this one. */
  underLoad(): Promise<LoadTarget>;
  stop(): Promise<void>;
}

/** A gateway under load. */
export interface LoadTarget extends Pick<RuntimeUnderTest, "route" | "write"> {
  /** How long the old config may still be in force after a write. */
  readonly propagationMs: number;
}

/** A runtime, and what of the table can be asked of it. */
export interface Runtime {
  readonly name: string;
  /** What its events call it. */
  readonly eventRuntime: string;
  /** Whether it can tell how the sending of a response ended; if not, why not. */
  readonly tellsEnding: true | string;
  /** Why it cannot run on this machine, and what to do about that. */
  readonly missing?: string;
  /** Whether it can tell what an origin answers to a WebSocket's request; if not, why not. */
  readonly tellsUpgrades: true | string;
  /** Whether each answer comes from the same process or isolate; if not, why not. */
  readonly keepsInstance: true | string;
  /** Every client that a test can be, none of them twice. */
  readonly clients: readonly KnownClient[];
  /** The keys of which it can be tested that they cannot be read. */
  readonly unreadableKeys: readonly string[];
  /** The headers by which the platform itself says who the client is. */
  readonly platformHeaders: readonly string[];
  /** Whether an encoded body comes to the client byte for byte; local workerd encodes it anew. */
  readonly keepsEncodedBodies: boolean;
  /** Starts a gateway; settings that are not given are {@link DEFAULT_SETTINGS}. */
  readonly start: (origins: OriginUrls, settings?: GatewaySettings) => Promise<RuntimeUnderTest>;
}
