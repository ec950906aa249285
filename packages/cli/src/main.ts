#!/usr/bin/env node
import { run } from "./cli.ts";

let lost: NodeJS.ErrnoException | null = null;
// Whoever reads the result may have had enough of it, as `head` has; a full disk has taken it away.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") lost = error;
});
// What is said on the way is not worth ending a rollback for.
process.stderr.on("error", () => {});
// Whatever ends the process before its command has come to an end, that is no success.
const endedEarly = (code: number): void => {
  if (code === 0 || code === 13) process.exitCode = 1;
};
process.on("exit", endedEarly);

const code = await run(process.argv.slice(2));
process.off("exit", endedEarly);
// What a store has left open, such as a read that hangs, must not keep the process.
process.stdout.write("", () => setImmediate(end));

function end(): void {
  if (lost !== null) process.stderr.write(`error: the result was lost: ${lost.message}\n`);
  process.stderr.write("", () => process.exit(lost !== null && code === 0 ? 1 : code));
}
