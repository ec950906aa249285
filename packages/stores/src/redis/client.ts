import { DeadlineError, withDeadline } from "@edgezero/faults/deadline";
import { createClient, ErrorReply } from "@redis/client";
import { StoreError } from "../operator-store.ts";
import { companionKey } from "./companion-keys.ts";
import { commonMeaning, redisMessage } from "./faults.ts";
import type { RedisLocation } from "./location.ts";

const TIMEOUT_MS = 5000;

/** A connection to the server: the part of the vendor's client that an operator uses. */
export interface Client {
  hmGet(key: string, fields: string[]): Promise<(string | null)[]>;
  hSet(key: string, fields: string[]): Promise<unknown>;
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  sendCommand(command: string[]): Promise<unknown>;
  destroy(): void;
}

/**
 * Uses a connection of its own, and closes it. Gives up after 5 seconds.
 *
 * @param uncertain The outcome that is not known where the server gave no answer, for messages.
 * @throws StoreError
 */
export async function withClient<T>(
  place: RedisLocation,
  uncertain: string,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const connecting = connect(place.address);
  let isConnected = false;
  try {
    return await withDeadline(TIMEOUT_MS, async () => {
      const client = await connecting;
      isConnected = true;
      return use(client);
    });
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const isCutOff = isConnected && !(error instanceof ErrorReply);
    const isUncertain = isCutOff || error instanceof DeadlineError;
    const message = redisMessage(error, (code) => meaningOf(code, place.key));
    throw new StoreError(`${isUncertain ? uncertain : place.shown}: ${message}`, { cause: error });
  } finally {
    void connecting.then((client) => client.destroy()).catch(() => {});
  }
}

async function connect(url: string): Promise<Client> {
  const socket = { connectTimeout: TIMEOUT_MS, reconnectStrategy: false } as const;
  const client = createClient({ url, RESP: 3, maintNotifications: "disabled", socket });
  // Each error also rejects the command that it concerns.
  client.on("error", () => {});
  return client.connect();
}

function meaningOf(code: string, key: string): string | null {
  if (code === "NOPERM") {
    return `the user needs hmget, hset, get, set, del, eval, multi and discard on the keys ${key} and ${companionKey(key, "*")}`;
  }
  if (code === "READONLY") return "it is a replica that cannot be written; use the primary's URL";
  return commonMeaning(code, key);
}
