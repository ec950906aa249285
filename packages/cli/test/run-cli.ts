import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runToEnd } from "@edgezero/testbed/process/run-to-end";

export const MAIN: string = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** How a run of the command has ended. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What `--json` has printed. */
  readonly document: Record<string, unknown>;
}

/** Settings of {@link runCli}. */
export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Gets what it has written on standard error so far, each time it writes more. */
  readonly onStderr?: (text: string) => unknown;
}

/** Compiled code is kept between runs, which halves what each costs. */
const NODE_COMPILE_CACHE = join(tmpdir(), `edgezero-cli-compiled-${process.getuid?.() ?? ""}`);

/** The environment of a run: nothing of this process's but the path. */
export function cliEnv(env: Readonly<Record<string, string>> = {}): Record<string, string> {
  const PATH = process.env["PATH"] ?? "";
  return { PATH, NODE_COMPILE_CACHE, EDGEZERO_OPERATOR: "ann@test", ...env };
}

/** Runs the command in a process of its own, without a terminal. */
export async function runCli(
  args: readonly string[],
  { env, ...options }: RunOptions,
): Promise<Run> {
  const { code, stdout, stderr } = await runToEnd(process.execPath, [MAIN, ...args], {
    ...options,
    env: cliEnv(env),
  });
  return {
    code,
    stdout,
    stderr,
    get document() {
      return JSON.parse(stdout) as Record<string, unknown>;
    },
  };
}
