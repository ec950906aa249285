import { EDGEZERO_ENABLED_KEY as FLAG, EDGEZERO_ROLLOUT_PCT_KEY as PCT } from "@edgezero/rollout";
import { createClient, ErrorReply } from "@redis/client";
import type { RedisLocation } from "./location.ts";

/** Longer than a reply takes; so a server that is paused, or a network that drops, is noticed. */
const REPLY_TIMEOUT_MS = 2000;

/** The value of each key that is present. */
export type RedisValues = ReadonlyMap<string, string>;

/** One connection to a Redis server. It ends once, and is then replaced by another. */
export interface RedisLink {
  /** Reads both keys at once. Rejects with {@link RedisRefusal} where the server refuses. */
  read(): Promise<RedisValues>;
  /** Resolves at the next change after the last read was sent, or after `timeoutMs`. Rejects at the link's end. */
  changed(timeoutMs: number): Promise<void>;
  close(): void;
}

/** The server's answer that these keys are not to be had from it. */
export class RedisRefusal extends Error {
  override readonly name = "RedisRefusal";
}

/**
 * Connects, asks the server to report changes (client-side caching, which needs Redis 6), and gives
 * up after 2 seconds. No error's message holds a password.
 */
export async function openRedisLink({ url, key }: RedisLocation): Promise<RedisLink> {
  const address = new URL(url);
  address.search = "";
  const client = createClient({
    url: address.href,
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
  client.on("error", (error: Error) => ended.reject(explain(error)));
  client.on("invalidate", () => {
    isStale = true;
    onChange?.();
  });

  async function reply<T>(answer: Promise<T>): Promise<T> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new Error(`no answer in ${REPLY_TIMEOUT_MS} ms`)),
      REPLY_TIMEOUT_MS,
    );
    try {
      return await Promise.race([answer, late.promise, ended.promise]);
    } catch (error) {
      throw explain(error as Error);
    } finally {
      clearTimeout(timer);
      answer.catch(() => {});
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

const REFUSALS = /^(WRONGTYPE|WRONGPASS|NOAUTH|NOPERM|NOPROTO|ERR unknown command)\b/;

function explain(error: Error): Error {
  if (error instanceof RedisRefusal) return error;
  const message = messageOf(error);
  return error instanceof ErrorReply && REFUSALS.test(message)
    ? new RedisRefusal(message)
    : new Error(message);
}

function messageOf(error: Error): string {
  // A host with several addresses gives several errors, and a message that is empty.
  const text =
    error instanceof AggregateError ? error.errors.map(String).join("; ") : error.message;
  // An old server repeats the arguments of a command that it does not know, the password included.
  return text.replace(/,? with args beginning with.*/s, "").slice(0, 200);
}
