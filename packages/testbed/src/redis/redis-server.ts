import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createClient } from "@redis/client";
import { describeWithProgram } from "../describe-with-program.ts";
import { freePort } from "../free-port.ts";

const MISSING =
  spawnSync("redis-server", ["--version"]).status === 0
    ? null
    : "redis-server is not installed: apt-get install redis-server";

/** A Redis server as a process of its own, on one port for as long as it may be restarted. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** The process that runs now. */
  readonly child: () => ChildProcess;
  /** Sends a command over a connection of its own; resolves with the reply. */
  command(...args: string[]): Promise<unknown>;
  /** Replaces the hash by these fields; none: deletes it. One transaction, acknowledged once resolved. */
  write(values: Readonly<Record<string, string>>, key?: string): Promise<void>;
  /** Ends the process and waits for its end. All data are lost. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts a process again, on the same port, with the same arguments or others. */
  start(args?: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** `describe`, where there is a Redis server. */
export function describeWithRedis(name: string, tests: () => void): void {
  describeWithProgram(MISSING, name, tests);
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
  let child = await run(folder, port, args);

  const server: RedisServer = {
    url: url(port),
    port,
    child: () => child,
    async command(...command) {
      const client = await connect(url(port));
      return client.sendCommand(command).finally(() => client.destroy());
    },
    async write(values, key = "trusted_server_config") {
      const client = await connect(url(port));
      const transaction = client.multi().del(key);
      if (Object.keys(values).length > 0) transaction.hSet(key, values);
      await transaction.exec().finally(() => client.destroy());
    },
    async kill(signal = "SIGKILL") {
      const hasEnded = child.exitCode !== null || child.signalCode !== null;
      const end = hasEnded ? undefined : once(child, "exit");
      child.kill(signal);
      await end;
    },
    async start(again = args) {
      child = await run(folder, port, again);
    },
    async close() {
      child.kill("SIGCONT");
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return server;
}

async function connect(url: string) {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  client.on("error", () => {});
  return client.connect();
}

async function run(folder: string, port: number, args: readonly string[]): Promise<ChildProcess> {
  const ports = args.includes("--tls-port") ? [] : ["--port", String(port)];
  const child = spawn(
    "redis-server",
    [...ports, "--bind", "127.0.0.1", "--save", "", "--dir", folder, ...args].map((arg) =>
      arg === "PORT" ? String(port) : arg,
    ),
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  const lines = createInterface({ input: child.stdout });
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    lines.on("line", (line) => {
      said.push(line);
      if (line.includes("Ready to accept connections")) resolve();
    });
    child.on("error", reject);
    child.on("exit", (code) =>
      reject(new Error(`redis-server ended (${code}): ${said.join("\n")}`)),
    );
  });
  return child;
}
