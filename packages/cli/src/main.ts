#!/usr/bin/env node
import { run } from "./cli.ts";

let lost: NodeJS.ErrnoException | null = null;
// A reader such as `head` may have read enough, which is no fault. A full disk is one.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") lost = error;
});
// A message that cannot be written must not end a rollback.
process.stderr.on("error", () => {});
// A process that ends before its command does is never a success.
const endedEarly = (code: number): void => {
  if (code === 0 || code === 13) process.exitCode = 1;
};
process.on("exit", endedEarly);

const code = await run(process.argv.slice(2));
process.off("exit", endedEarly);
// A read of a store that still hangs must not keep the process alive.
process.stdout.write("", () => setImmediate(end));

function end(): void {
  if (lost !== null) process.stderr.write(`error: the result was lost: ${lost.message}\n`);
  process.stderr.write("", () => process.exit(lost !== null && code === 0 ? 1 : code));
}
