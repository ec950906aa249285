import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A process that has said that it is ready. */
export interface ReadyProcess {
  /** What it has said of itself then. */
  readonly said: string;
  stop(): Promise<void>;
}

/** Settings of {@link startProcess}. */
export interface ProcessOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Finds in a line of the output, on either stream, that the process is ready. */
  readonly ready: RegExp;
  /** Gets each line of the output. */
  readonly onLine: (line: string) => void;
}

/** Starts a process, and resolves once it is ready. Rejects with its output when it ends first. */
export async function startProcess(
  command: string,
  args: readonly string[],
  { cwd, env, ready, onLine }: ProcessOptions,
): Promise<ReadyProcess> {
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const killed = (): boolean => child.kill("SIGKILL");
  process.once("exit", killed);
  const closed = once(child, "close");
  const output: string[] = [];

  const said = await new Promise<string>((resolve, reject) => {
    const read = (line: string): void => {
      output.push(line);
      onLine(line);
      const match = ready.exec(line);
      if (match !== null) resolve(match[0]);
    };
    createInterface({ input: child.stdout }).on("line", read);
    createInterface({ input: child.stderr }).on("line", read);
    closed.then(
      () => reject(new Error(`${command} ended before it was ready:\n${output.join("\n")}`)),
      reject,
    );
  });

  return {
    said,
    async stop() {
      child.kill("SIGTERM");
      await closed;
      process.off("exit", killed);
    },
  };
}
