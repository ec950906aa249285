import { CLOUDFLARE } from "./cloudflare/location.ts";
import { FASTLY } from "./fastly/location.ts";
import { FILE } from "./file/location.ts";
import { REDIS } from "./redis/location.ts";
import type { StoreKind } from "./store-kind.ts";
import { WRANGLER_LOCAL } from "./wrangler-local/location.ts";
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
interface OperatorModule {
  openStore(url: string, env: StoreEnv, onPause?: OnPause): OperatorStore | Promise<OperatorStore>;
}

/** A kind of store, and how to load the code that operates it. */
export interface OperableKind extends StoreKind {
  load(): Promise<OperatorModule>;
}

/** All kinds of stores, in the order in which messages name them. */
export const STORE_KINDS: readonly OperableKind[] = [
  { ...FILE, load: async () => import("./file/operator.ts") },
  { ...REDIS, load: async () => import("./redis/operator.ts") },
  { ...FASTLY, load: async () => import("./fastly/operator.ts") },
  { ...CLOUDFLARE, load: async () => import("./cloudflare/operator.ts") },
  { ...WRANGLER_LOCAL, load: async () => import("./wrangler-local/operator.ts") },
];

/** The kind that a URL's scheme names, `null` where there is none. */
export function storeKindOf(url: string): OperableKind | null {
  const scheme = /^[a-z][a-z\d+.-]*(?=:)/i.exec(url)?.[0].toLowerCase() ?? "";
  return STORE_KINDS.find(({ schemes }) => schemes.includes(scheme)) ?? null;
}
