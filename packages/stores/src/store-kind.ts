import type { OperatorStore } from "./operator-store.ts";

/** The variables that a store may read, such as its token. */
export type StoreEnv = Readonly<Record<string, string | undefined>>;

/** A pause before a store is asked again. */
export interface StorePause {
  /** Why the last attempt failed. */
  readonly fault: string;
  readonly waitMs: number;
  /** The time since the call of the store began. */
  readonly elapsedMs: number;
}

/** Is told each pause as it begins. */
export type OnPause = (pause: StorePause) => void;

/** What the `operator.ts` of every store exports. */
export interface OperatorModule {
  openStore(url: string, env: StoreEnv, onPause?: OnPause): OperatorStore | Promise<OperatorStore>;
}

/** How long a write takes to reach every gateway. */
export interface Propagation {
  /** In milliseconds; `null` where the platform states no time. */
  readonly ms: number | null;
  /** The same for people, as the end of a sentence. */
  readonly text: string;
}

/** One kind of store. Its facts need neither the code that operates it nor a vendor's client. */
export interface StoreKind {
  /** For people, such as `Cloudflare KV`. */
  readonly name: string;
  /** The schemes of its URLs, in lower case. */
  readonly schemes: readonly string[];
  /** One URL as an example, for messages and completion. */
  readonly form: string;
  readonly propagation: Propagation;
  /**
   * The address of the vendor's API, where the store is reached over HTTP.
   *
   * @throws StoreSetupError when the variable that names another address is wrong.
   */
  readonly apiUrl?: (env: StoreEnv) => string;
  /** The URL without credentials; `null` where it is not a URL of this kind. */
  shown(url: string): string | null;
  /** Loads the code that operates a store of this kind. */
  load(): Promise<OperatorModule>;
}
