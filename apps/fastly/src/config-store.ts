import type { ConfigStore } from "@edgezero/rollout";
import { CONFIG_STORE_NAME, ConfigStoreUnavailableError } from "@edgezero/rollout";
import { ConfigStore as FastlyConfigStore } from "fastly:config-store";

/**
 * The service's config store. It can be opened only during a request, so it is opened by each read
 * of the rollout; one that is not linked to the service cannot be opened.
 *
 * One lookup a key: at most two of the 32 that Fastly allows each execution.
 */
export function createConfigStore(name: string = CONFIG_STORE_NAME): ConfigStore {
  let opened: FastlyConfigStore | undefined;
  return {
    get(key) {
      if (opened === undefined) {
        opened = open(name);
        // An open store is a snapshot. Both keys of one read come from the same, and no later read
        // does: it would not see a change for as long as the sandbox lives.
        queueMicrotask(() => {
          opened = undefined;
        });
      }
      return opened.get(key);
    },
  };
}

function open(name: string): FastlyConfigStore {
  try {
    return new FastlyConfigStore(name);
  } catch (error) {
    throw new ConfigStoreUnavailableError(`${name}: ${String(error).trim()}`);
  }
}
