import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The longest that one command may take: an installation, on a machine that has other work too. */
const TIMEOUT_MS = 900_000;

/**
 * This process's environment without what pnpm tells its children of this workspace, which must not
 * reach a package manager in another folder.
 */
export const OUTSIDE: Readonly<Record<string, string | undefined>> = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^p?npm_(?!config_(cache|cafile|registry|yes)$)/i.test(name),
  ),
);

/** Runs a command to its end, and gives its standard output. A failure carries what it printed. */
export async function run(
  cwd: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = OUTSIDE,
): Promise<string> {
  const options = { cwd, env, timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(command, args, options).catch(
    (error: Error & { stdout?: string; stderr?: string }) => {
      throw new Error(`${command} ${args.join(" ")}\n${error.stdout}\n${error.stderr}`, {
        cause: error,
      });
    },
  );
  return stdout;
}
