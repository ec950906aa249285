import type { Logger } from "@edgezero/rollout";
import type { StoredValues } from "../operator-store.ts";
import { shownValues } from "../shown-values.ts";
import { isRolloutKey } from "../stored-values.ts";

/** Logs each change of the config's state once. */
export interface RedisReport {
  /** A read succeeded. */
  values(values: StoredValues): void;
  /** A read failed. The last values stand until `standsUntil`, by `performance.now()`. */
  fault(error: string, standsUntil: number): void;
  /** The server refuses to report changes, and is read every `pollMs` milliseconds. */
  polled(error: string, pollMs: number): void;
  close(): void;
}

/** A report on the config at `config`, a location without credentials. */
export function createRedisReport(config: string, logger: Logger): RedisReport {
  let state: "new" | "sound" | "unreachable" | "broken" = "new";
  let known = "";
  let expiry: NodeJS.Timeout | undefined;

  function broken(error: string): void {
    clearTimeout(expiry);
    expiry = undefined;
    if (state === "broken") return;
    state = "broken";
    logger.warn("config store is broken, all requests go to legacy", { config, error });
  }

  return {
    values(values) {
      clearTimeout(expiry);
      expiry = undefined;
      const shown = shownValues((key) =>
        isRolloutKey(key) ? (values[key] ?? undefined) : undefined,
      );
      const text = JSON.stringify(shown);
      if (state === "unreachable" || state === "broken") {
        logger.info("config store is read again", { config, ...shown });
      } else if (state === "sound" && text !== known) {
        logger.info("config store changed", { config, ...shown });
      }
      state = "sound";
      known = text;
    },
    fault(error, standsUntil) {
      const leftMs = standsUntil - performance.now();
      if (leftMs <= 0) {
        broken(error);
      } else if (state !== "unreachable") {
        state = "unreachable";
        const standsForMs = Math.round(leftMs);
        logger.warn("config store is out of reach, its last values stand for now", {
          config,
          error,
          standsForMs,
        });
        expiry = setTimeout(() => broken(error), leftMs);
        expiry.unref();
      }
    },
    polled(error, pollMs) {
      logger.warn("config store reports no changes, it is read again and again instead", {
        config,
        error,
        everyMs: pollMs,
      });
    },
    close: () => clearTimeout(expiry),
  };
}
