import type { Force } from "@edgezero/rollout/force";
import { createForce } from "@edgezero/rollout/force";
import type { Logger } from "@edgezero/rollout";
import { examineSetting, FASTLY_SECRET } from "@edgezero/settings";
import { SecretStore } from "fastly:secret-store";

const STORE = "edgezero_secrets";

/**
 * Forced paths. The secret is looked up only for a request that brings a token, so a secret that is not
 * valid is found only then: no token counts, and one line of the log, at error, says why.
 */
export function createFastlyForce(allowWhenDisabled: boolean, logger: Logger): Force<Request> {
  let isLogged = false;

  async function findSecret(): Promise<string | undefined> {
    const { value, finding } = examineSetting(FASTLY_SECRET, await readSecret());
    if (finding !== null && !isLogged) {
      isLogged = true;
      logger.error(`forced paths are off: ${finding.message}`);
    }
    return value;
  }

  return createForce<Request>({ secret: findSecret, allowWhenDisabled, logger });
}

/** The secret, or `null` where the store is not linked to the service or does not hold it. */
async function readSecret(): Promise<string | null> {
  let store: SecretStore;
  try {
    store = new SecretStore(STORE);
  } catch {
    return null;
  }
  const entry = await store.get(FASTLY_SECRET.name);
  return entry === null ? null : entry.plaintext();
}
