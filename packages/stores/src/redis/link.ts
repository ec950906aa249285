import { EDGEZERO_ENABLED_KEY as FLAG, EDGEZERO_ROLLOUT_PCT_KEY as PCT } from "@edgezero/rollout";
import { withDeadline } from "@edgezero/faults/deadline";
import { createClient } from "@redis/client";
import { commonMeaning, isRefusal, redisMessage } from "./faults.ts";
import type { RedisLocation } from "./location.ts";

/** Longer than a reply takes. A paused server or a lost network shows after this time. */
const REPLY_TIMEOUT_MS = 2000;

/** The values of the keys that are present. */
export type RedisValues = ReadonlyMap<string, string>;

/** One connection to a Redis server. It ends once; another then replaces it. */
export interface RedisLink {
  /** Reads both keys at once. Rejects with {@link RedisRefusal} where the server refuses. */
  read(): Promise<RedisValues>;
  /** Resolves at the next change since the last read was sent, or after `timeoutMs`. Rejects when the link ends. */
  changed(timeoutMs: number): Promise<void>;
  close(): void;
}

/** Thrown where the server refuses to give these keys. */
export class RedisRefusal extends Error {
  override readonly name = "RedisRefusal";
}

/**
 * Connects, and asks the server to report changes (client-side caching, which needs Redis 6). Gives up
 * after 2 seconds. No error's message holds a password.
 */
export async function openRedisLink({ address, key }: RedisLocation): Promise<RedisLink> {
  const client = createClient({
    url: address,
    RESP: 3,
    emitInvalidate: true,
    maintNotifications: "disabled",
    disableOfflineQueue: true,
    socket: { connectTimeout: REPLY_TIMEOUT_MS, reconnectStrategy: false },
  });

  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => {});
  let onChange: (() => void) | undefined;
  let isStale = false;
  client.on("error", (error: unknown) => ended.reject(explain(error, key)));
  client.on("invalidate", () => {
    isStale = true;
    onChange?.();
  });

  async function reply<T>(answer: Promise<T>): Promise<T> {
    try {
      return await withDeadline(REPLY_TIMEOUT_MS, async () =>
        Promise.race([answer, ended.promise]),
      );
    } catch (error) {
      throw explain(error, key);
    }
  }

  try {
    await reply(client.connect());
  } catch (error) {
    client.destroy();
    throw error;
  }

  return {
    async read() {
      isStale = false;
      const [flag, pct] = await reply(client.hmGet(key, [FLAG, PCT]));
      const values = new Map<string, string>();
      if (typeof flag === "string") values.set(FLAG, flag);
      if (typeof pct === "string") values.set(PCT, pct);
      return values;
    },
    async changed(timeoutMs) {
      if (isStale) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      onChange = resolve;
      const timer = setTimeout(resolve, timeoutMs);
      await Promise.race([promise, ended.promise]).finally(() => clearTimeout(timer));
    },
    close() {
      ended.reject(new Error("closed"));
      client.destroy();
    },
  };
}

function explain(error: unknown, key: string): Error {
  if (error instanceof RedisRefusal) return error;
  const message = redisMessage(error, (code) =>
    code === "NOPERM"
      ? `the user needs hmget and client|tracking on the key ${key}`
      : commonMeaning(code, key),
  );
  return isRefusal(error) ? new RedisRefusal(message) : new Error(message);
}
