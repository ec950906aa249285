import type { ConfigStore } from "@edgezero/rollout";
import { CONFIG_STORE_NAME, ConfigStoreUnavailableError } from "@edgezero/rollout";
import { ConfigStore as FastlyConfigStore } from "fastly:config-store";

/**
 * The service's config store. It can be opened only during a request, so it is opened by each read;
 * one that is not linked to the service cannot be opened. An open store is a snapshot, so none is
 * kept: a change would go unseen for as long as the sandbox lives.
 *
 * One lookup a read: at most two of the 32 that Fastly allows each execution.
 */
export function createConfigStore(name: string = CONFIG_STORE_NAME): ConfigStore {
  return { get: (key) => open(name).get(key) };
}

function open(name: string): FastlyConfigStore {
  try {
    return new FastlyConfigStore(name);
  } catch (error) {
    throw new ConfigStoreUnavailableError(`${name}: ${String(error).trim()}`);
  }
}
