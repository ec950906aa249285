import { spawn } from "node:child_process";
import { once } from "node:events";

/** A program that runs until it is ended. */
export interface Running {
  /** Ends it as a service manager does, and gives its exit code. */
  end(): Promise<number | null>;
}

const START_MS = 30_000;

/**
 * Starts a program, and resolves once its output matches. Rejects, with what it printed, where it ends
 * before, or does not print it in 30 seconds.
 */
export async function start(
  cwd: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  ready: RegExp,
): Promise<Running> {
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit").then(([code]) => code as number | null);
  let printed = "";
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const hear = (chunk: Buffer): void => {
    printed += chunk.toString();
    if (ready.test(printed)) resolve();
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const fail = (why: string): void => reject(new Error(`${args.join(" ")} ${why}:\n${printed}`));
  const timer = setTimeout(() => fail(`is not ready after ${START_MS} ms`), START_MS);
  void exited.then((code) => fail(`ended with ${code}`));
  try {
    await promise;
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    clearTimeout(timer);
  }
  return {
    async end() {
      child.kill("SIGTERM");
      return exited;
    },
  };
}
