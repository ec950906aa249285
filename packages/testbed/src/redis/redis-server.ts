import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../free-port.ts";
import type { ReadyProcess } from "../process/start-process.ts";
import { startProcess } from "../process/start-process.ts";
import { connectToRedis, redisCommand } from "./redis-command.ts";

/** A Redis server as a process of its own, on one port for as long as it may be restarted. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** The process that runs now. */
  readonly child: () => ChildProcess;
  /** Sends a command over a connection of its own; resolves with the reply. */
  command(...args: string[]): Promise<unknown>;
  /** Replaces the hash by these fields, or deletes it without fields, in one transaction. */
  write(values: Readonly<Record<string, string>>, key?: string): Promise<void>;
  /** Ends the process and waits for its end. All data are lost. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts a new process on the same port, with the same arguments or others. */
  start(args?: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a Redis server that keeps nothing on disk.
 *
 * @param args More arguments of `redis-server`, such as `["--requirepass", "secret"]`.
 * @param url What a client connects to, where that is more than host and port.
 */
export async function startRedis(
  args: readonly string[] = [],
  url: (port: number) => string = (port) => `redis://127.0.0.1:${port}`,
): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-redis-"));
  const port = await freePort();
  let running = await run(folder, port, args);

  const server: RedisServer = {
    url: url(port),
    port,
    child: () => running.process,
    command: async (...command) => redisCommand(url(port), ...command),
    async write(values, key = "trusted_server_config") {
      const client = await connectToRedis(url(port));
      const transaction = client.multi().del(key);
      if (Object.keys(values).length > 0) transaction.hSet(key, values);
      await transaction.exec().finally(() => client.destroy());
    },
    async kill(signal = "SIGKILL") {
      await running.end(signal);
    },
    async start(again = args) {
      running = await run(folder, port, again);
    },
    async close() {
      running.process.kill("SIGCONT");
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return server;
}

async function run(folder: string, port: number, args: readonly string[]): Promise<ReadyProcess> {
  const ports = args.includes("--tls-port") ? [] : ["--port", String(port)];
  const all = [...ports, "--bind", "127.0.0.1", "--save", "", "--dir", folder, ...args];
  return startProcess(
    "redis-server",
    all.map((arg) => (arg === "PORT" ? String(port) : arg)),
    { env: process.env, ready: /Ready to accept connections/ },
  );
}
