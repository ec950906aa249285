import * as kinds from "./kinds.ts";
import type { StoreKind } from "./store-kind.ts";

/** All kinds of stores, by name. Messages name them in this order. */
export const STORE_KINDS: readonly StoreKind[] = Object.values(kinds);

/** The kind that a URL's scheme names, `null` where there is none. */
export function storeKindOf(url: string): StoreKind | null {
  const scheme = /^[a-z][a-z\d+.-]*(?=:)/i.exec(url)?.[0].toLowerCase() ?? "";
  return STORE_KINDS.find(({ schemes }) => schemes.includes(scheme)) ?? null;
}
