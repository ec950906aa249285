import { run } from "./run.ts";

await run({
  announce(report, logger) {
    const { url, config, says, legacy, edgezero, metrics } = report;
    logger.info("gateway started", { url, config, says, legacy, edgezero, metrics });
  },
});
