import type { ConfigStore } from "@edgezero/rollout";
import { CONFIG_STORE_NAME, ConfigStoreUnavailableError } from "@edgezero/rollout";

/** The part of Fastly's `ConfigStore` that is used. */
export interface FastlyStore {
  get(key: string): string | null;
}

/**
 * The service's config store. It can be opened only during a request, so each read of the rollout
 * opens it. A store that is not linked to the service cannot be opened.
 *
 * Each key takes one lookup: at most two of the 32 that Fastly allows each execution.
 *
 * @param openStore Opens a store by its name, as `new ConfigStore(name)` of `fastly:config-store`
 * does; throws where it is not linked.
 */
export function createConfigStore(
  openStore: (name: string) => FastlyStore,
  name: string = CONFIG_STORE_NAME,
): ConfigStore {
  let opened: FastlyStore | undefined;
  return {
    get(key) {
      if (opened === undefined) {
        opened = open(openStore, name);
        // An open store is a snapshot. Both keys of one read come from one snapshot. A later read opens
        // another, since the first would hide every change for as long as the sandbox lives.
        queueMicrotask(() => {
          opened = undefined;
        });
      }
      return opened.get(key);
    },
  };
}

function open(openStore: (name: string) => FastlyStore, name: string): FastlyStore {
  try {
    return openStore(name);
  } catch (error) {
    throw new ConfigStoreUnavailableError(`${name}: ${String(error).trim()}`);
  }
}
