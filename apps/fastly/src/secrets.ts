import type { Logger } from "@edgezero/rollout";
import { examineSetting, FASTLY_SECRETS } from "@edgezero/settings";
import { SecretStore } from "fastly:secret-store";

const STORE = "edgezero_secrets";

/** Finds a secret, or `undefined` where there is no valid one. */
export type FindSecret = () => Promise<string | undefined>;

/**
 * Makes a function that looks a secret up. One that is not valid is found only when it is looked up:
 * then it does not count, and one line of the log, at error, says why.
 *
 * @param loses What does not work without the secret, in the words of the log.
 */
export function secretFinder(
  key: keyof typeof FASTLY_SECRETS,
  loses: string,
  logger: Logger,
): FindSecret {
  const setting = FASTLY_SECRETS[key];
  let isLogged = false;

  return async () => {
    const { value, finding } = examineSetting(setting, await readSecret(setting.name));
    if (finding !== null && !isLogged) {
      isLogged = true;
      logger.error(`${loses} are off: ${finding.message}`);
    }
    return value;
  };
}

/** The secret, or `null` where the store is not linked to the service or does not hold it. */
async function readSecret(name: string): Promise<string | null> {
  let store: SecretStore;
  try {
    store = new SecretStore(STORE);
  } catch {
    return null;
  }
  const entry = await store.get(name);
  return entry === null ? null : entry.plaintext();
}
