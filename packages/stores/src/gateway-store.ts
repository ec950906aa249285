import type { Logger } from "@edgezero/rollout";
import type { LastValues } from "./last-values.ts";
import type { OpenConfigStore } from "./open-config-store.ts";

/** How a gateway opens its config store. */
export interface OpenOptions {
  /** How long the last values stand while the store cannot be reached or read, in milliseconds. */
  readonly maxAgeMs: number;
  /** Keeps the last values for the next process. */
  readonly last: LastValues;
  readonly logger: Logger;
}

/** The place of a gateway's config, read from its setting. */
export interface ConfigLocation {
  /** The same place as text that can be read again: an absolute path, or the URL as it was given. */
  readonly text: string;
  /** For people: the absolute path, or the URL without credentials. */
  readonly shown: string;
  /** How soon a running gateway obeys a change, as the end of a sentence. */
  readonly obeyed: string;
  /** Opens the store. Never rejects: a store that is broken throws in `get`. */
  open(options: OpenOptions): OpenConfigStore | Promise<OpenConfigStore>;
}

/** One kind of store that a gateway's process can read. */
export interface GatewayStoreKind {
  /** The texts that {@link locate} takes, for messages. */
  readonly form: string;
  /** Whether a text means a store of this kind, well formed or not. */
  means(text: string): boolean;
  /** Reads a text that means this kind; `null` where it is not well formed. */
  locate(text: string): ConfigLocation | null;
}
