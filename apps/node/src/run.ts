import { errorCode, messageOf } from "@edgezero/faults/faults";
import type { Logger } from "@edgezero/rollout";
import { SettingsError } from "@edgezero/settings";
import type { DestinationStream } from "pino";
import { createLogger } from "./process/logger.ts";
import { disablePretenuring } from "./process/pretenuring.ts";
import { readSettings } from "./settings/settings.ts";
import { startGateway } from "./start.ts";
import { openStandardOutput } from "./process/standard-output.ts";
import type { StartReport } from "./process/start-report.ts";

/** The differences between the ways to run the gateway. */
export interface RunOptions {
  /** Where log lines go; standard output unless given. */
  readonly logStream?: DestinationStream;
  readonly announce: (report: StartReport, logger: Logger) => void;
}

/**
 * Runs the gateway as a process until SIGTERM or SIGINT, with settings from the environment. Where it
 * cannot start, it says why on standard error, and the exit code is 1.
 */
export async function run({ logStream, announce }: RunOptions): Promise<void> {
  disablePretenuring();
  try {
    const settings = readSettings(process.env);
    const output = openStandardOutput();
    const logger = createLogger(settings.LOG_LEVEL, logStream ?? output);
    const gateway = await startGateway(settings, logger, output);

    const shutDown = async (signal: string): Promise<void> => {
      logger.info("stopping", { signal });
      await gateway.stop();
      await output.end();
      process.exit(0);
    };
    process.once("SIGTERM", (signal) => void shutDown(signal));
    process.once("SIGINT", (signal) => void shutDown(signal));
    announce(gateway.report, logger);
  } catch (fault) {
    process.stderr.write(`The gateway cannot start.\n${explain(fault)}\n`);
    process.exitCode = 1;
  }
}

function explain(fault: unknown): string {
  const message = messageOf(fault);
  if (fault instanceof SettingsError) return message;
  const code = errorCode(fault);
  if (code === "EADDRINUSE")
    return `PORT and HOST: the address is in use by another process (${message})`;
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return `HOST: it is not an address of this machine (${message})`;
  }
  if (code === "EACCES") return `PORT: this user may not listen there (${message})`;
  return message;
}
