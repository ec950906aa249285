import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const GATEWAY = fileURLToPath(new URL("../../../apps/node/", import.meta.url));

/** A gateway process that listens. */
export interface Gateway {
  readonly url: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** Starts the Node gateway on a free port, over a config file; resolves once it listens. */
export async function startGateway(
  configPath: string,
  env: Readonly<Record<string, string>> = { TRUST_PROXY: "loopback", ATTRIBUTION: "detail" },
): Promise<Gateway> {
  const child = spawn(process.execPath, ["src/main.ts"], {
    cwd: GATEWAY,
    env: { PORT: "0", EDGEZERO_CONFIG: configPath, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const killed = (): boolean => child.kill("SIGKILL");
  process.once("exit", killed);
  const closed = once(child, "close");
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      const found = /http:\/\/[^"]+(?=".*"gateway started")/.exec(line)?.[0];
      if (found !== undefined) resolve(found);
    });
    closed.then(() => reject(new Error("the gateway ended before it listened")), reject);
  });
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      child.kill("SIGTERM");
      await closed;
      process.off("exit", killed);
    },
  };
}
