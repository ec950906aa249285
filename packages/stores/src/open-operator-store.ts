import { nearestForms } from "./nearest-forms.ts";
import type { OperatorStore } from "./operator-store.ts";
import { StoreSetupError } from "./operator-store.ts";
import type { OnPause, StoreEnv } from "./store-kind.ts";
import { STORE_KINDS, storeKindOf } from "./store-kinds.ts";

export type { OnPause, StoreEnv };
export type { StorePause } from "./store-kind.ts";

/** The forms of a store's URL, for messages. */
export const STORE_URLS: readonly string[] = STORE_KINDS.map(({ form }) => form);

/**
 * Opens the store that a URL names. Only the code of that store is loaded, so that operating a file
 * never loads a vendor's client.
 *
 * @param onPause Is told when the store waits before it tries again.
 * @throws StoreError when the URL names no store, or the store cannot be opened.
 */
export async function openStore(
  url: string,
  env: StoreEnv,
  onPause?: OnPause,
): Promise<OperatorStore> {
  const kind = storeKindOf(url);
  if (kind !== null) return (await kind.load()).openStore(url, env, onPause);
  const nearest = nearestForms(url);
  const guess = nearest.length === 0 ? "" : `; did you mean ${nearest.join(" or ")}?`;
  const all = `it must be one of ${STORE_URLS.join(", ")}`;
  throw new StoreSetupError(
    `no store has a URL like this${guess === "" ? `; ${all}` : `${guess} I${all.slice(1)}`}`,
  );
}
