import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@edgezero/testbed/free-port";
import { stopChild } from "./server-process.ts";

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

/** Starts a Redis server with a rollout that is on at 10 per cent. */
export async function startRedis(): Promise<Redis> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "edgezero-redis-"));
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder];
  const child = spawn("redis-server", args, { stdio: ["ignore", "pipe", "ignore"] });
  let said = "";
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (said.includes("Ready to accept connections")) break;
  }
  const socket = createConnection(port, "127.0.0.1");
  await once(socket, "connect");
  const redis: Redis = {
    url: `redis://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
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
      await stopChild(child);
    },
  };
  await redis.command(`HSET ${KEY} edgezero_enabled true edgezero_rollout_pct 10`);
  return redis;
}
