import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { spawnChild } from "@edgezero/testbed/process/child-process";

/** A process that plays one part: it gets its orders, and answers each with one message. */
export interface Part<Order, Answer> {
  readonly pid: number;
  ask(order: Order): Promise<Answer>;
  end(): Promise<void>;
}

/** Starts a file of this folder as a process of its own, so that its work delays no other part. */
export function startPart<Order extends object, Answer>(file: string): Part<Order, Answer> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const stdio = ["ignore", "inherit", "inherit", "ipc"] as const;
  const part = spawnChild(process.execPath, [path], { stdio: [...stdio] });
  const { process: child, pid, exit } = part;
  return {
    pid,
    async ask(order) {
      const over = new AbortController();
      void exit.then(() => over.abort(new Error(`${file} has ended`)));
      const answer = once(child, "message", { signal: over.signal });
      child.send(order);
      const [message] = await answer;
      return message as Answer;
    },
    async end() {
      await part.end("SIGKILL");
    },
  };
}
