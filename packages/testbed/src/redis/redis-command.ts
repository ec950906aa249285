import { createClient } from "@redis/client";

/** Never connected: each other URL would otherwise cost a class of its own. */
const TEMPLATE = createClient();

/** A connection without reconnection. */
export async function connectToRedis(url: string) {
  const client = TEMPLATE.duplicate({ url, socket: { reconnectStrategy: false } });
  client.on("error", () => {});
  return client.connect();
}

/** Sends a command over a connection of its own; resolves with the reply. */
export async function redisCommand(url: string, ...command: string[]): Promise<unknown> {
  const client = await connectToRedis(url);
  return client.sendCommand(command).finally(() => client.destroy());
}
