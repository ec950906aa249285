import { PinoPretty } from "pino-pretty";
import { run } from "./run.ts";
import { startText } from "./process/start-report.ts";

await run({
  logStream: PinoPretty({ ignore: "pid,hostname" }),
  announce: (report) => process.stdout.write(startText(report)),
});
