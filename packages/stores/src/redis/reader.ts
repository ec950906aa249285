import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "@edgezero/faults/faults";
import { ConfigStoreUnavailableError } from "@edgezero/rollout";
import type { GatewayStoreKind, OpenOptions } from "../gateway-store.ts";
import type { OpenConfigStore } from "../open-config-store.ts";
import type { StoredValues } from "../operator-store.ts";
import { isRolloutKey, NO_VALUES } from "../stored-values.ts";
import type { RedisLink } from "./link.ts";
import { openRedisLink, RedisRefusal } from "./link.ts";
import type { RedisLocation } from "./location.ts";
import { isRedisUrl, parseRedisUrl } from "./location.ts";
import { createRedisReport } from "./report.ts";

/** The pause between two reads where no change is reported. A read confirms the values and the link. */
const POLL_MS = 1000;
const LONGEST_BACKOFF_MS = 2000;

/** A hash in Redis, by the server's URL. */
export const REDIS_READER: GatewayStoreKind = {
  form: "redis://host:port (rediss:// for TLS) with no parameter but key, and special characters percent-encoded (such as %40 for @, %23 for # and %2F for /)",
  means: isRedisUrl,
  locate(text) {
    const location = parseRedisUrl(text);
    if (location === null) return null;
    return {
      text,
      shown: location.shown,
      obeyed: "it is obeyed within milliseconds, or a second where Redis reports no changes",
      open: async (options) => openRedisConfigStore(location, options),
    };
  },
};

/**
 * A config store over a hash in Redis, kept in memory: the server reports each change, which is then
 * read at once, so that no request reads anything remote.
 *
 * A server that reports no changes, since it does not know the command or does not permit it, is read
 * every second instead.
 *
 * Where the server cannot be reached, the last values stand until `maxAgeMs` milliseconds after their
 * read was sent; before the first read, those that are kept for this process. From then on the store cannot be opened. Where the server refuses (a wrong type, a
 * wrong password), the store cannot be opened from that moment. Reads are tried again and again until
 * one succeeds.
 *
 * Resolves once the first attempt to read has ended, well or not, within 5 seconds. Never rejects.
 */
export async function openRedisConfigStore(
  location: RedisLocation,
  { maxAgeMs, last, logger }: OpenOptions,
): Promise<OpenConfigStore> {
  const report = createRedisReport(location.shown, logger);
  const closing = new AbortController();
  const firstAttempt = Promise.withResolvers<void>();
  const pollMs = Math.min(POLL_MS, maxAgeMs / 4);
  let values: StoredValues = last.kept?.values ?? NO_VALUES;
  let readAt = last.kept?.readAt ?? -Infinity;
  let standsUntil = last.kept?.standsUntil ?? -Infinity;
  let refusal: string | null = null;
  let lastError = `not read for ${maxAgeMs} ms`;
  let isPolled = false;
  let link: RedisLink | undefined;
  let attempts = 0;

  function accept(read: StoredValues, sentAt: number): void {
    last.keep(read, sentAt);
    values = read;
    readAt = sentAt;
    standsUntil = sentAt + maxAgeMs;
    refusal = null;
    attempts = 0;
    report.values(read);
    firstAttempt.resolve();
  }

  function fail(error: unknown): void {
    if (closing.signal.aborted) return;
    lastError = messageOf(error);
    if (error instanceof RedisRefusal) {
      refusal = lastError;
      last.forget();
    }
    report.fault(lastError, refusal === null ? standsUntil : -Infinity);
    firstAttempt.resolve();
  }

  /** Reads at every change until the link ends. Never resolves. */
  async function follow(current: RedisLink): Promise<never> {
    for (;;) {
      const sentAt = performance.now();
      try {
        accept(await current.read(), sentAt);
      } catch (error) {
        // A later read on this connection may be allowed again.
        if (!(error instanceof RedisRefusal)) throw error;
        fail(error);
      }
      await current.changed(pollMs);
    }
  }

  async function keepLinked(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        link = await openRedisLink(location);
        if (link.refusesReports !== null && !isPolled) report.polled(link.refusesReports, pollMs);
        isPolled = link.refusesReports !== null;
        if (!closing.signal.aborted) await follow(link);
      } catch (error) {
        fail(error);
      } finally {
        link?.close();
      }
      const pause = delay(backoffMs(attempts++), undefined, { signal: closing.signal });
      await pause.catch(() => {});
    }
  }

  void keepLinked();
  await firstAttempt.promise;
  return {
    get(key) {
      if (refusal !== null || performance.now() > standsUntil) {
        throw new ConfigStoreUnavailableError(lastError);
      }
      return isRolloutKey(key) ? values[key] : null;
    },
    confirmedAt: () => (readAt === -Infinity ? null : readAt),
    close() {
      closing.abort();
      report.close();
      link?.close();
    },
  };
}

/** The pause doubles at each attempt. It is random, so that a fleet does not return all at once. */
function backoffMs(attempt: number): number {
  const longest = Math.min(50 * 2 ** attempt, LONGEST_BACKOFF_MS);
  return longest * (0.5 + Math.random() / 2);
}
