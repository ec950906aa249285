import { createInterface } from "node:readline";
import type { Child, Environment } from "./child-process.ts";
import { spawnChild } from "./child-process.ts";

/** A process that has reported that it is ready. */
export interface ReadyProcess extends Child {
  /** The part of its output that {@link ProcessOptions.ready} has matched. */
  readonly said: string;
  /** Ends it by SIGTERM, and resolves when it has ended. */
  readonly stop: () => Promise<void>;
}

/** Settings of {@link startProcess}. */
export interface ProcessOptions {
  readonly cwd?: string;
  /** Starts it in a group of its own, with which it is killed; `false` unless given. */
  readonly detached?: boolean;
  /** All its variables. */
  readonly env: Environment;
  /** Matches the line of output, on either stream, that reports that the process is ready. */
  readonly ready: RegExp;
  /** Gets each line of the output. Without it, output after `ready` is dropped unread. */
  readonly onLine?: (line: string) => void;
  /** `inherit` shows standard error and does not read it. */
  readonly stderr?: "pipe" | "inherit";
}

/** Starts a process, and resolves once it is ready. Rejects with its output when it ends first. */
export async function startProcess(
  command: string,
  args: readonly string[],
  { cwd, detached = false, env, ready, onLine, stderr = "pipe" }: ProcessOptions,
): Promise<ReadyProcess> {
  const stdio = ["ignore", "pipe", stderr] as const;
  const child = spawnChild(command, args, { cwd, detached, env, stdio: [...stdio] });
  const streams = [child.process.stdout, child.process.stderr].filter((each) => each !== null);
  const readers = streams.map((input) => createInterface({ input }));
  const output: string[] = [];

  const said = await new Promise<string>((resolve, reject) => {
    const read = (line: string): void => {
      output.push(line);
      const [match] = ready.exec(line) ?? [];
      if (match !== undefined) resolve(match);
    };
    for (const reader of readers) {
      if (onLine !== undefined) reader.on("line", onLine);
      reader.on("line", read);
    }
    child.exit.then(
      () => reject(new Error(`${command} ended before it was ready:\n${output.join("\n")}`)),
      reject,
    );
  });

  if (onLine === undefined) {
    for (const reader of readers) reader.close();
    for (const stream of streams) stream.resume();
  } else {
    for (const reader of readers) reader.removeAllListeners("line").on("line", onLine);
  }
  return {
    ...child,
    said,
    async stop() {
      await child.end();
    },
  };
}
