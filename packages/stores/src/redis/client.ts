import { DeadlineError, withDeadline } from "@edgezero/faults/deadline";
import { createClient, ErrorReply } from "@redis/client";
import { StoreError } from "../operator-store.ts";
import { companionKey } from "./companion-keys.ts";
import { commonMeaning, redisMessage } from "./faults.ts";
import type { RedisLocation } from "./location.ts";

const TIMEOUT_MS = 5000;

/** What refusals of the server mean, by their codes. */
export type Meanings = Readonly<Record<string, string>>;

/** A connection to the server: the part of the vendor's client that an operator uses. */
export interface Client {
  hmGet(key: string, fields: string[]): Promise<(string | null)[]>;
  hSet(key: string, fields: string[]): Promise<unknown>;
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  sendCommand(command: string[]): Promise<unknown>;
  /** Sends commands that the server carries out with nothing between them. Gives their answers. */
  transact(commands: string[][]): Promise<unknown[]>;
  destroy(): void;
}

/**
 * Uses a connection of its own, and closes it. Gives up after 5 seconds.
 *
 * @param uncertain The outcome that is not known where the server gave no answer, for messages.
 * @param meanings Replace the words for refusals of a store.
 * @throws StoreError
 */
export async function withClient<T>(
  place: RedisLocation,
  uncertain: string,
  use: (client: Client) => Promise<T>,
  meanings: Meanings = {},
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
    const message = redisMessage(error, (code) => meanings[code] ?? meaningOf(code, place.key));
    throw new StoreError(`${isUncertain ? uncertain : place.shown}: ${message}`, { cause: error });
  } finally {
    void connecting.then((client) => client.destroy()).catch(() => {});
  }
}

/**
 * Never connected. The vendor's `createClient` makes a class with some hundred methods for each URL, and remembers
 * the last one alone: with two URLs in use that was 10 ms and more for each connection. A duplicate has the class.
 */
const TEMPLATE = createClient({ RESP: 3, maintNotifications: "disabled" });

async function connect(url: string): Promise<Client> {
  const socket = { connectTimeout: TIMEOUT_MS, reconnectStrategy: false } as const;
  const client = TEMPLATE.duplicate({ url, socket });
  // Each error also rejects the command that it concerns.
  client.on("error", () => {});
  await client.connect();
  return Object.assign(client, {
    async transact(commands: string[][]): Promise<unknown[]> {
      const transaction = client.multi();
      for (const command of commands) transaction.addCommand(command);
      return transaction.exec();
    },
  });
}

function meaningOf(code: string, key: string): string | null {
  if (code === "NOPERM") {
    return `the user needs hmget, hset, get, set, del, eval, multi and discard, and for a controller time, on the keys ${key} and ${companionKey(key, "*")}`;
  }
  if (code === "READONLY") return "it is a replica that cannot be written; use the primary's URL";
  return commonMeaning(code, key);
}
