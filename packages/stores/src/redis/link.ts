import { EDGEZERO_ENABLED_KEY as FLAG, EDGEZERO_ROLLOUT_PCT_KEY as PCT } from "@edgezero/rollout";
import type { StoredValues } from "../operator-store.ts";
import { withDeadline } from "@edgezero/faults/deadline";
import { createClient, ErrorReply } from "@redis/client";
import { commonMeaning, isOfUser, isRefusal, redisMessage } from "./faults.ts";
import type { RedisLocation } from "./location.ts";

/** Longer than a reply takes. A paused server or a lost network shows after this time. */
const REPLY_TIMEOUT_MS = 2000;

/** One connection to a Redis server. It ends once; another then replaces it. */
export interface RedisLink {
  /** Why the server reports no changes; `null` where it does report them. */
  readonly refusesReports: string | null;
  /** Reads both keys at once. Rejects with {@link RedisRefusal} where the server refuses. */
  read(): Promise<StoredValues>;
  /** Resolves at the next change since the last read was sent, or after `timeoutMs`. Rejects when the link ends. */
  changed(timeoutMs: number): Promise<void>;
  close(): void;
}

/** Thrown where the server refuses to give these keys. */
export class RedisRefusal extends Error {
  override readonly name = "RedisRefusal";
}

/**
 * Connects, and asks the server to report changes (client-side caching, which needs Redis 6). Where the
 * server refuses that, in whatever words, it is connected to without, by the protocol that all servers
 * know: only a read then says whether it refuses the values, too. Gives up after 2 seconds for each
 * attempt. No error's message holds a password.
 */
export async function openRedisLink(location: RedisLocation): Promise<RedisLink> {
  try {
    return await connect(location, null);
  } catch (error) {
    if (!(error instanceof ReportsRefusal)) throw error;
    return connect(location, error.message);
  }
}

/** Thrown where the server answers, and refuses to report changes, but not the user. */
class ReportsRefusal extends Error {}

/** @param refused Why the server reports no changes; `null`: it is asked to. */
async function connect(
  { address, key }: RedisLocation,
  refused: string | null,
): Promise<RedisLink> {
  const client = createClient({
    url: address,
    ...(refused === null ? ({ RESP: 3, emitInvalidate: true } as const) : ({ RESP: 2 } as const)),
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
    await withDeadline(REPLY_TIMEOUT_MS, async () => client.connect());
  } catch (error) {
    client.destroy();
    const isOfReports = refused === null && error instanceof ErrorReply && !isOfUser(error);
    throw isOfReports ? new ReportsRefusal(redisMessage(error)) : explain(error, key);
  }

  return {
    refusesReports: refused,
    async read() {
      isStale = false;
      const [flag, pct] = await reply(client.hmGet(key, [FLAG, PCT]));
      return { [FLAG]: flag ?? null, [PCT]: pct ?? null };
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
