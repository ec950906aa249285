import { createForce } from "@edgezero/rollout/force";
import type { Force } from "@edgezero/rollout/force";
import type { Logger } from "@edgezero/rollout";
import { SecretStore } from "fastly:secret-store";

const STORE = "edgezero_secrets";
const KEY = "force_secret";

/** Forced paths. The secret is looked up only for a request that brings a token. */
export function createFastlyForce(allowWhenDisabled: boolean, logger: Logger): Force<Request> {
  return createForce<Request>({ secret: findSecret, allowWhenDisabled, logger });
}

/** The secret, or `null` where the store is not linked to the service or does not hold it. */
async function findSecret(): Promise<string | null> {
  let store: SecretStore;
  try {
    store = new SecretStore(STORE);
  } catch {
    return null;
  }
  const entry = await store.get(KEY);
  return entry === null ? null : entry.plaintext();
}
