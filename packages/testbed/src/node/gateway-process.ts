import type { ChildProcess } from "node:child_process";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { Exit } from "../process/child-process.ts";
import { readLines, spawnChild } from "../process/child-process.ts";
import { NODE_APP } from "./start-node-gateway.ts";

/** A process that runs an entry of this app, and its output so far. */
export interface AppProcess {
  readonly child: ChildProcess;
  readonly stdout: string[];
  readonly stderr: string[];
  readonly exit: Promise<Exit>;
}

/** A gateway that listens, with a config file of its own. */
export interface GatewayProcess extends AppProcess {
  readonly url: string;
  readonly port: number;
  /** The lines of its log, parsed. */
  logged(): Record<string, unknown>[];
  /** Writes the config file in place, as an editor or a shell does. */
  writeConfig(content: ConfigContent): void;
  /** Replaces the config file by rename, as a deploy does. */
  replaceConfig(content: ConfigContent): void;
  deleteConfig(): void;
  /** Ends the process, and resolves with its exit. An earlier crash shows here too. */
  stop(signal?: NodeJS.Signals): Promise<Exit>;
  /** Ends it, and checks that it had not crashed and had written no error. */
  stopCleanly(): Promise<void>;
}

/** The text of a config file, or the values that it holds. */
export type ConfigContent = string | Readonly<Record<string, unknown>>;

type Environment = Readonly<Record<string, string>>;

/** Runs an entry of this app with only the given environment. */
export function runApp(env: Environment, entry = "src/main.ts", cwd = NODE_APP): AppProcess {
  const stdio = ["ignore", "pipe", "pipe"] as const;
  const { process: child, exit } = spawnChild(process.execPath, [entry], {
    cwd,
    env,
    stdio: [...stdio],
  });
  const stdout: string[] = [];
  const stderr: string[] = [];
  readLines(child.stdout, (line) => stdout.push(line));
  readLines(child.stderr, (line) => stderr.push(line));
  return { child, stdout, stderr, exit };
}

/** Starts the gateway on a free port; resolves once it reports that it listens. */
export async function startGatewayProcess(
  config: ConfigContent | null,
  env: Environment = {},
  entry?: string,
  cwd?: string,
): Promise<GatewayProcess> {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-gateway-"));
  const path = join(folder, "rollout.json");
  if (config !== null) writeFileSync(path, textOf(config));
  const app = runApp({ PORT: "0", METRICS_PORT: "0", EDGEZERO_CONFIG: path, ...env }, entry, cwd);
  const exit = app.exit.finally(() => rmSync(folder, { recursive: true, force: true }));
  const url = await urlOf(app);
  const stop: GatewayProcess["stop"] = async (signal = "SIGTERM") => {
    app.child.kill(signal);
    return exit;
  };

  return {
    ...app,
    exit,
    url,
    port: Number(new URL(url).port),
    logged: () => app.stdout.map((line) => JSON.parse(line) as Record<string, unknown>),
    writeConfig: (content) => writeFileSync(path, textOf(content)),
    replaceConfig(content) {
      writeFileSync(`${path}.new`, textOf(content));
      renameSync(`${path}.new`, path);
    },
    deleteConfig: () => rmSync(path),
    stop,
    async stopCleanly() {
      expect(await stop()).toEqual({ code: 0, signal: null });
      expect(app.stderr).toEqual([]);
    },
  };
}

function textOf(content: ConfigContent): string {
  return typeof content === "string" ? content : JSON.stringify(content);
}

/** The first URL that the process writes: its own address. */
async function urlOf({ child, exit, stderr, stdout }: AppProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const search = (): void => {
      const url = /http:\/\/[^\s"]+/.exec(stdout.join("\n"))?.[0];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on("data", () => setImmediate(search));
    void exit.then(({ code }) =>
      reject(new Error(`exit code ${code} before it listened:\n${stderr.join("\n")}`)),
    );
  });
}
