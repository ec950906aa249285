import { once } from "node:events";
import { createConnection } from "node:net";
import { startRedis as startServer } from "@edgezero/testbed/redis/redis-server";

const KEY = "trusted_server_config";

/** A Redis server that keeps nothing on disk. */
export interface Redis {
  readonly url: string;
  readonly pid: number;
  /** Sends a command and gives what the server answers, as it is on the wire. */
  command(text: string): Promise<string>;
  /** Writes the percentage; resolves when the server has it. */
  setPercentage(percentage: number): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a Redis server with a rollout that is on at 10 per cent. Commands go over one connection, so
 * that a write's time is no connection's, and what Redis counts is known.
 */
export async function startRedis(): Promise<Redis> {
  const server = await startServer();
  const socket = createConnection(server.port, "127.0.0.1");
  await once(socket, "connect");
  const redis: Redis = {
    url: server.url,
    pid: server.child().pid ?? 0,
    async command(text) {
      const answer = once(socket, "data");
      socket.write(`${text}\r\n`);
      return String((await answer)[0]);
    },
    async setPercentage(percentage) {
      await redis.command(`HSET ${KEY} edgezero_rollout_pct ${percentage}`);
    },
    async stop() {
      socket.destroy();
      await server.close();
    },
  };
  await redis.command(`HSET ${KEY} edgezero_enabled true edgezero_rollout_pct 10`);
  return redis;
}
