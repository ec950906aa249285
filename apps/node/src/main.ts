import { run } from "./run.ts";

await run({
  announce: (report, logger) => logger.info("gateway started", { ...report }),
});
