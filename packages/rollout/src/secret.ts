import type { Logger } from "./logger.ts";
import { attempt } from "./logger.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import { isValue, readKey } from "./read-key.ts";
import { checkSecret, importKey } from "./signature.ts";

const SECRET_TIMEOUT_MS = 1000;

/**
 * A secret of at least 32 characters; or a function that finds it, which is given a second to
 * answer. `null` or `undefined`: there is no secret.
 */
export type Secret = string | (() => MaybePromise<string | null | undefined>);

/** Settings of {@link createSecretCheck}. */
export interface SecretCheckOptions {
  /** The secrets of which any may have signed. */
  readonly secrets: readonly Secret[];
  /** What a secret is called in a message. */
  readonly name: string;
  /** What does not work for want of a usable secret, in the words of the log. */
  readonly loses: string;
  readonly logger: Logger | undefined;
}

/**
 * Makes a function that tells whether any of the secrets passes a check. It never rejects: a secret
 * that cannot be had, or is too short, does not pass, and the log says so once, at warn.
 *
 * @throws RangeError when a secret that is given as a text is too short.
 */
export function createSecretCheck({
  secrets,
  name,
  loses,
  logger,
}: SecretCheckOptions): (check: (key: object) => Promise<boolean>) => Promise<boolean> {
  for (const secret of secrets) if (typeof secret === "string") checkSecret(secret, name);
  let hasWarned = false;

  async function findSecret(secret: Secret): Promise<string | null> {
    if (typeof secret === "string") return secret;
    const store = { get: async () => (await secret()) ?? null };
    const found = await readKey(store, "", SECRET_TIMEOUT_MS);
    // The error of a secret store may contain the secret, so it is not passed on.
    if (!isValue(found)) throw new RangeError(`the ${name} cannot be read`);
    return found;
  }

  function warn(why: string): void {
    if (!logger || hasWarned) return;
    hasWarned = true;
    void attempt(() => logger.warn(`${loses} are off: ${why}`));
  }

  return async (check) => {
    for (const secret of secrets) {
      try {
        const found = await findSecret(secret);
        // Imported for each check: on Fastly, a key that is kept for a later request of the same
        // sandbox finds no signature genuine.
        if (found !== null && (await check(await importKey(found, name)))) return true;
      } catch (error) {
        warn(error instanceof RangeError ? error.message : "a token cannot be checked");
      }
    }
    return false;
  };
}
