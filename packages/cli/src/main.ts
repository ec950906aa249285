#!/usr/bin/env node
import { run } from "./cli.ts";

// Whoever reads the output may have had enough of it, as `head` has.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
}

process.exitCode = await run(process.argv.slice(2));
// What a store has left open, such as a read that hangs, must not keep the process.
process.stderr.write("", () => process.stdout.write("", () => process.exit()));
