import cluster from "node:cluster";
import { errorCode, messageOf } from "@edgezero/faults/faults";
import { printableText } from "@edgezero/faults/printable";
import type { Logger } from "@edgezero/rollout";
import { SettingsError } from "@edgezero/settings";
import { createLogger } from "./process/logger.ts";
import { disablePretenuring } from "./process/pretenuring.ts";
import { watchLaunchers } from "./process/launchers.ts";
import { readSettings } from "./settings/settings.ts";
import type { FoundSettings } from "./settings/settings-file.ts";
import { withSettingsFile } from "./settings/settings-file.ts";
import type { RunningGateway } from "./start.ts";
import { startGateway } from "./start.ts";
import type { StandardOutput } from "./process/standard-output.ts";
import { openStandardOutput } from "./process/standard-output.ts";
import type { StartReport } from "./process/start-report.ts";
import { WORKER_MARK } from "./supervisor/messages.ts";
import type { SupervisedGateway, WorkerSettings } from "./supervisor/supervise.ts";
import { supervise } from "./supervisor/supervise.ts";
import { WorkerStartError } from "./supervisor/worker-process.ts";
import { linkToSupervisor } from "./supervisor/worker-link.ts";

/** The differences between the ways to run the gateway. */
export interface RunOptions {
  /** Makes the text of a log line from its JSON, which is written as it is unless given. */
  readonly format?: (line: string) => string;
  readonly announce: (report: StartReport, logger: Logger) => void;
}

/**
 * Runs the gateway as a process until SIGTERM or SIGINT, with settings from the environment. With
 * several workers this process supervises them, and each of them calls this too. Where it cannot
 * start, it says why on standard error, and the exit code is 1.
 */
export async function run({ format = (line) => line, announce }: RunOptions): Promise<void> {
  disablePretenuring();
  const isWorker = cluster.isWorker && process.env[WORKER_MARK] !== undefined;
  try {
    const start = readWorkerSettings();
    const { settings } = start;
    const output = openStandardOutput();
    const logger = createLogger(settings.LOG_LEVEL, {
      write: (line) => output.write(format(line)),
    });
    warnOfFile(start, logger);
    if (isWorker) {
      await runWorker(start, logger, output);
      return;
    }
    // A signal during the start is obeyed after it.
    const signalled = onEndSignal();
    const gateway =
      settings.WORKERS === 1
        ? await startGateway(settings, logger, output)
        : await startSupervised(start, logger, output, signalled.promise);

    const shutDown = async (signal: string): Promise<void> => {
      logger.info("stopping", { signal });
      await gateway?.stop();
      await output.end();
      process.exit(0);
    };
    if (gateway === null) {
      await shutDown(await signalled.promise);
      return;
    }
    watchLaunchers(process.env, () => signalled.resolve("the end of the process that started it"));
    void signalled.promise.then(shutDown);
    announce(gateway.report, logger);
  } catch (fault) {
    // A worker that could not start has said why.
    if (!(fault instanceof WorkerStartError)) {
      process.stderr.write(`The gateway cannot start.\n${printableText(explain(fault))}\n`);
    }
    process.exitCode = 1;
    // The channel of a cluster would keep it running.
    if (cluster.isWorker) process.exit();
  }
}

/** A gateway that runs, in this process or in others. */
type Running = Pick<RunningGateway, "report" | "stop">;

/** Resolves to `null` where the workers ended during the start because of a signal. */
async function startSupervised(
  start: WorkerSettings,
  logger: Logger,
  output: StandardOutput,
  signalled: Promise<string>,
): Promise<Running | null> {
  let isSignalled = false;
  void signalled.then(() => (isSignalled = true));
  let gateway: SupervisedGateway | null = null;
  let isAsked = false;
  const read = (): WorkerSettings => {
    const next = readWorkerSettings();
    warnOfFile(next, logger);
    return next;
  };
  // Without a listener, SIGHUP during the start would end the gateway.
  process.on("SIGHUP", () => {
    if (gateway === null) isAsked = true;
    else void gateway.restart(read);
  });
  try {
    gateway = await supervise(start, logger, output, signalled);
  } catch (fault) {
    if (isSignalled) return null;
    throw fault;
  }
  if (isAsked) void gateway.restart(read);
  return gateway;
}

/** Runs as one of several workers, until the supervisor or a signal ends it. */
async function runWorker(
  { settings }: WorkerSettings,
  logger: Logger,
  output: StandardOutput,
): Promise<void> {
  const link = await linkToSupervisor();
  const signalled = onEndSignal();
  // It is the supervisor's to obey.
  process.on("SIGHUP", () => {});
  const gateway = await startGateway(settings, logger, output, link);
  link.serve(gateway);
  const how = await Promise.race([link.ending, signalled.promise.then(() => "stop" as const)]);
  await gateway.stop(how);
  await link.close(gateway);
  await output.end();
  process.exit(0);
}

/** Resolves with the first signal to end. */
function onEndSignal(): PromiseWithResolvers<string> {
  const signalled = Promise.withResolvers<string>();
  process.on("SIGTERM", signalled.resolve).on("SIGINT", signalled.resolve);
  return signalled;
}

/** Settings, and the names of the settings file that may have no effect. */
type ReadSettings = WorkerSettings & Omit<FoundSettings, "env">;

/** @throws SettingsError when a setting is not valid. */
function readWorkerSettings(): ReadSettings {
  const { env: found, overridden, ofNode } = withSettingsFile(process.env);
  const env = Object.entries(found).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { settings: readSettings(found), env: Object.fromEntries(env), overridden, ofNode };
}

/** Warns of what the settings file says in vain. Values may be secrets. */
function warnOfFile({ settings, overridden, ofNode }: ReadSettings, logger: Logger): void {
  for (const setting of overridden) {
    logger.warn("the environment counts over a setting of SETTINGS_FILE", { setting });
  }
  if (settings.WORKERS > 1) return;
  for (const setting of ofNode) {
    logger.warn("only workers obey a setting of SETTINGS_FILE, and WORKERS is 1", { setting });
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
