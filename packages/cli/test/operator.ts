import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Entry } from "@edgezero/operations/journal/entry";
import { followTrail } from "@edgezero/operations/journal/read-trail";
import type { Run } from "./run-cli.ts";
import { runCli } from "./run-cli.ts";

/** Both keys, at 10%. */
export const AT_10 = { edgezero_enabled: "true", edgezero_rollout_pct: "10" } as const;

/** An operator in a folder with a config file of the gateway. */
export interface Operator {
  readonly folder: string;
  /** The gateway's config file, which is the store. */
  readonly path: string;
  readonly trailPath: string;
  readonly lockPath: string;
  /** Runs the command with the store in `EDGEZERO_STORE`. */
  run(args: string, env?: Readonly<Record<string, string>>, input?: string): Promise<Run>;
  /** Replaces the store's file, as someone else would. */
  put(values: Readonly<Record<string, string>>): void;
  values(): Record<string, string>;
  entries(): readonly Entry[];
  cleanUp(): void;
}

/** Makes a folder with a store that holds `values`; `null`: none. */
export function createOperator(values: Readonly<Record<string, string>> | null = AT_10): Operator {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-operator-"));
  const path = join(folder, "rollout.json");
  const trailPath = join(folder, "rollout.audit.jsonl");
  const operator: Operator = {
    folder,
    path,
    trailPath,
    lockPath: join(folder, "rollout.audit.lock"),
    run: async (args, env = {}, input = "") =>
      runCli(words(args), {
        cwd: folder,
        env: { EDGEZERO_STORE: "file:./rollout.json", ...env },
        input,
      }),
    put(next) {
      writeFileSync(`${path}.new`, JSON.stringify(next));
      renameSync(`${path}.new`, path);
    },
    values: () => JSON.parse(readFileSync(path, "utf8")) as Record<string, string>,
    entries: () => followTrail(trailPath, readFileSync(trailPath)).entries,
    cleanUp: () => rmSync(folder, { recursive: true, force: true }),
  };
  if (values !== null) operator.put(values);
  return operator;
}

/** A command line in words, as a shell has them; only double quotes quote. */
function words(args: string): string[] {
  return (args.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ""));
}
