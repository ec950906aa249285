import { startProcess } from "@edgezero/testbed/process/start-process";
import { pinned } from "../load/pinned.ts";

/** A server under load. */
export interface Server {
  readonly url: string;
  /** Its process, 0 where that is not known. */
  readonly pid: number;
  stop(): void | Promise<void>;
}

/** How a server is started. */
export interface ServerOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of Node, before the file. */
  readonly nodeArgs?: readonly string[];
  /** The core that it keeps to; any unless given. */
  readonly core?: number | undefined;
}

/** Starts a server that prints a JSON line with its `url` once it listens. */
export async function startServer(
  file: string,
  { env = {}, nodeArgs = [], core }: ServerOptions = {},
): Promise<Server> {
  const [command, ...args] = pinned(core, process.execPath, [...nodeArgs, file]);
  const { said, pid, stop } = await startProcess(command, args, {
    env: { ...process.env, ...env },
    ready: /(?<="url":")[^"]+/,
    stderr: "inherit",
  });
  return { url: said, pid, stop };
}
