import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const END_WITH_PARENT = import.meta.resolve("./end-with-parent.ts");
const STOP_MS = 8000;
/** Lines that are kept for a message. */
const KEPT = 20;

/** A process of the demo that is ready. */
export interface Child {
  /** The line of its log by which it was ready, parsed. */
  readonly said: Readonly<Record<string, unknown>>;
  /** Rejects when it ends before it is stopped. */
  readonly ended: Promise<never>;
  stop(): Promise<void>;
}

/** Runs a program of this repository; resolves once its log has the message `ready`. */
export async function startChild(
  name: string,
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  ready: string,
): Promise<Child> {
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "--import", END_WITH_PARENT, program, ...args],
    // Control-C reaches the demo alone, which then ends its processes in their order.
    { env, stdio: ["ignore", "pipe", "pipe", "ipc"], detached: true },
  );
  const lines: string[] = [];
  const said = Promise.withResolvers<Record<string, unknown>>();
  const read = (line: string): void => {
    lines.push(line);
    if (lines.length > KEPT) lines.shift();
    const parsed = parseLine(line);
    if (parsed["msg"] === ready) said.resolve(parsed);
  };
  for (const output of [child.stdout, child.stderr]) {
    if (output !== null) createInterface({ input: output }).on("line", read);
  }
  let isStopping = false;
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => {});
  const closed = once(child, "close");
  child.once("close", () => {
    if (isStopping) return;
    ended.reject(new Error(`the ${name} has ended by itself:\n${lines.join("\n")}`));
  });
  await Promise.race([said.promise, ended.promise]);
  return {
    said: await said.promise,
    ended: ended.promise,
    async stop() {
      isStopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

function parseLine(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return {};
  }
}
