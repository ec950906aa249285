import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { REPOSITORY } from "./pages.ts";

const MAIN = join(REPOSITORY, "apps", "node", "src", "main.ts");

/** A Node gateway in a process of its own. */
export interface NodeGateway {
  readonly url: string;
  /** The URL of its metrics page. */
  readonly metrics: string;
  /** The path of its config file. */
  readonly config: string;
  stop(): Promise<void>;
}

/** Starts the Node gateway on free ports, with a config file of its own. */
export async function startNodeGateway(
  values: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<NodeGateway> {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-docs-"));
  const config = join(folder, "rollout.json");
  writeFileSync(config, JSON.stringify(values));
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env["PATH"],
      PORT: "0",
      METRICS_PORT: "0",
      EDGEZERO_CONFIG: config,
      ...env,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, url = "", metrics = "" } = JSON.parse(line) as Record<string, string>;
    if (msg !== "gateway started") continue;
    child.stdout.resume();
    return {
      url,
      metrics,
      config,
      async stop() {
        child.kill("SIGTERM");
        await ended;
        rmSync(folder, { recursive: true });
      },
    };
  }
  throw new Error("the Node gateway did not start");
}
