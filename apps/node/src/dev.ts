import { printableText } from "@edgezero/faults/printable";
import { prettyFactory } from "pino-pretty";
import { run } from "./run.ts";
import { startText } from "./process/start-report.ts";

const pretty = prettyFactory({ ignore: "pid,hostname" });

// pino-pretty reads the escapes of a line, and so writes the characters that they stand for.
await run({
  format: (line) => printableText(pretty(line)),
  announce: (report) => process.stdout.write(printableText(startText(report))),
});
