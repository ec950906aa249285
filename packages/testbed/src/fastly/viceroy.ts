import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BuildEnvironment } from "@edgezero/fastly/compile";
import { compile, compileUnchecked } from "@edgezero/fastly/compile";
import { findViceroy } from "@edgezero/fastly/viceroy";
import { CONFIG_STORE_NAME } from "@edgezero/rollout";
import type { ConfigValues } from "../contracts/config-store.ts";
import { freePort } from "../free-port.ts";
import { startProcess } from "../process/start-process.ts";
import type { OriginUrls } from "../upstream.ts";

/** Settings of {@link startViceroy}. */
export interface ViceroyOptions {
  /** The program to run. */
  readonly source: string;
  readonly origins?: OriginUrls;
  /** The variables of the build: a service has its settings from there. */
  readonly build?: BuildEnvironment;
  /** Whether the build refuses settings that are not valid, as ours does; `true` unless given. */
  readonly isBuildChecked?: boolean;
  /** The items of the service's secret store; without any, no such store is linked. */
  readonly secrets?: Readonly<Record<string, string | undefined>>;
  /** Whether a config store is linked to the service. */
  readonly hasConfigStore: boolean;
  /** What the store holds, unchangeable: without it, Viceroy reads a file at every opening. */
  readonly fixedConfig?: ConfigValues;
  /** Gets each line that the program or Viceroy writes. */
  readonly onLine?: (line: string) => void;
}

/** A program that runs in Viceroy. */
export interface Viceroy {
  readonly url: string;
  /** Viceroy's process. */
  readonly pid: number;
  /** Replaces all that the config store holds, `null`: it is missing. */
  write(values: ConfigValues | null): void;
  stop(): Promise<void>;
}

/**
 * Builds a program and starts Viceroy with it, in a folder of its own. Takes some seconds, since
 * Viceroy compiles the whole engine too.
 */
export async function startViceroy(options: ViceroyOptions): Promise<Viceroy> {
  const found = findViceroy();
  if ("missing" in found) throw new Error(found.missing);
  const folder = mkdtempSync(join(tmpdir(), "edgezero-fastly-"));
  const config = join(folder, "config.json");
  const write: Viceroy["write"] = (values) => {
    if (values === null) return rmSync(config, { force: true });
    writeFileSync(`${config}.new`, JSON.stringify(values));
    return renameSync(`${config}.new`, config);
  };
  write({});
  writeFileSync(join(folder, "fastly.toml"), manifest(options));
  const build = (options.isBuildChecked ?? true) ? compile : compileUnchecked;
  await build(options.source, join(folder, "main.wasm"), options.build ?? {});

  const args = ["-C", "fastly.toml", "main.wasm", "-v", "--addr", `127.0.0.1:${await freePort()}`];
  const viceroy = await startProcess(found.path, args, {
    // It finds the config store's file from its working directory.
    cwd: folder,
    env: {},
    ready: /(?<=Listening on )http:\S+/,
    ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
  });
  return {
    url: viceroy.said,
    pid: viceroy.pid,
    write,
    async stop() {
      await viceroy.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

function manifest({ origins, secrets, hasConfigStore, fixedConfig }: ViceroyOptions): string {
  const lines = ["manifest_version = 3", 'name = "testbed"', 'language = "javascript"'];
  for (const [path, url] of Object.entries(origins ?? {})) {
    lines.push(`[local_server.backends.${path}_origin]`, `url = "${url}"`);
  }
  for (const [key, secret] of Object.entries(secrets ?? {})) {
    if (secret === undefined) continue;
    lines.push("[[local_server.secret_stores.edgezero_secrets]]", `key = "${key}"`);
    lines.push(`data = ${JSON.stringify(secret)}`);
  }
  if (hasConfigStore) {
    lines.push(`[local_server.config_stores.${CONFIG_STORE_NAME}]`);
    if (fixedConfig === undefined) lines.push('format = "json"', 'file = "config.json"');
    else lines.push('format = "inline-toml"', `contents = ${inlineTable(fixedConfig)}`);
  }
  return lines.join("\n");
}

function inlineTable(values: ConfigValues): string {
  const entries = Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  return `{ ${entries.join(", ")} }`;
}
