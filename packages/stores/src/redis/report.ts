import type { Logger } from "@edgezero/rollout";
import type { RedisValues } from "./link.ts";
import { shownValues } from "../shown-values.ts";

/** Logs each change of the config's state once. */
export interface RedisReport {
  /** A read succeeded. */
  values(values: RedisValues): void;
  /** A read failed. `readAt` is the time at which the last valid read was sent, by `performance.now()`. */
  fault(error: string, readAt: number): void;
  close(): void;
}

/** A report on the config at `config`, a location without credentials. */
export function createRedisReport(config: string, maxAgeMs: number, logger: Logger): RedisReport {
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
      const shown = shownValues((key) => values.get(key));
      const text = JSON.stringify(shown);
      if (state === "unreachable" || state === "broken") {
        logger.info("config store is read again", { config, ...shown });
      } else if (state === "sound" && text !== known) {
        logger.info("config store changed", { config, ...shown });
      }
      state = "sound";
      known = text;
    },
    fault(error, readAt) {
      const leftMs = readAt + maxAgeMs - performance.now();
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
    close: () => clearTimeout(expiry),
  };
}
