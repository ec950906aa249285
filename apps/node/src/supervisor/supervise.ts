import cluster from "node:cluster";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { messageOf } from "@edgezero/faults/faults";
import type { Logger } from "@edgezero/rollout";
import { SEED_BYTES } from "../observation/client-counts.ts";
import { THIS_PROCESS } from "../observation/counted.ts";
import type { MetricsServer } from "../observation/metrics-server.ts";
import { listenForScrapes } from "../observation/observation.ts";
import type { StandardOutput } from "../process/standard-output.ts";
import type { StartReport } from "../process/start-report.ts";
import type { Settings } from "../settings/settings.ts";
import { createGatewayCounts } from "./gateway-counts.ts";
import { LOOK_MS } from "./heartbeat.ts";
import { WORKER_MARK } from "./messages.ts";
import { startWorker } from "./worker-process.ts";
import type { Environment } from "./workers.ts";
import { Workers } from "./workers.ts";

/** Added to the time that a worker may take to end, in milliseconds, before it is killed. */
const END_MARGIN_MS = 5000;
/** The longest that a timer may run, in milliseconds: one of more would run out at once. */
const LONGEST_MS = 2 ** 31 - 1;
/** How long a worker with new settings may take to read its config, in milliseconds. */
const READY_MS = 30_000;
/** A change of these needs a new start: other processes have them too. */
const FIXED = ["PORT", "HOST", "WORKERS", "METRICS_PORT", "METRICS_HOST"] as const;

/** Settings with the environment that a worker reads them from. */
export interface WorkerSettings {
  readonly settings: Settings;
  readonly env: Environment;
}

/** A gateway of several workers. */
export interface SupervisedGateway {
  readonly report: StartReport;
  /** Replaces the workers one by one. Never rejects: what keeps it from that is logged. */
  restart(read: () => WorkerSettings): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the workers. The listening socket is this process's, and they share it: each accepts what comes
 * when it has time. Rejects when one of them cannot start, which has then said why.
 *
 * @param signalled Resolves when the gateway is to end. During the start the workers end then, and this
 *   rejects unless all had started.
 */
export async function supervise(
  { settings, env }: WorkerSettings,
  logger: Logger,
  output: StandardOutput,
  signalled: Promise<unknown>,
): Promise<SupervisedGateway> {
  if (!cluster.isPrimary) {
    throw new Error("WORKERS: it must be 1 where another program's cluster starts the gateway");
  }
  const { WORKERS: count, METRICS_PORT, METRICS_HOST } = settings;
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  cluster.setupPrimary({ serialization: "advanced", stdio: ["ignore", "pipe", "inherit", "ipc"] });
  const seed = crypto.getRandomValues(new Uint8Array(SEED_BYTES));
  const port = settings.PORT === 0 ? await freePort(settings.HOST) : settings.PORT;
  let endMs = mayTakeMs(settings);
  const workers = new Workers(
    {
      count,
      logger,
      counts: createGatewayCounts(),
      endMs: () => endMs,
      start: (worker, own, onChange) =>
        startWorker({
          place: { worker, workers: count, process: THIS_PROCESS, seed },
          // The file is read here, once for all of them.
          env: { ...own, PORT: String(port), SETTINGS_FILE: "", [WORKER_MARK]: "1" },
          output,
          onChange,
        }),
    },
    env,
  );

  let isStopping = false;
  async function stopWorkers(): Promise<void> {
    isStopping = true;
    await workers.stop();
  }
  void signalled.then(stopWorkers);

  const others = Array.from({ length: count - 1 }, (_, index) => index + 2);
  let report: StartReport;
  try {
    // One alone, so that what keeps it from starting is said once.
    report = await workers.startFirst(1);
    await Promise.all(others.map(async (number) => workers.startFirst(number)));
  } catch (error) {
    await stopWorkers();
    throw error;
  }
  workers.watch();
  const looking = setInterval(() => workers.look(), LOOK_MS);
  let metrics: MetricsServer | null = null;
  if (METRICS_PORT !== null) {
    const endpoint = { port: METRICS_PORT, host: METRICS_HOST };
    metrics = await listenForScrapes(async () => workers.page(), workers, endpoint, logger);
  }

  async function replaceAll(read: () => WorkerSettings): Promise<void> {
    let replaced = 0;
    try {
      if (isStopping) return;
      const next = read();
      const changed = FIXED.find((name) => next.settings[name] !== settings[name]);
      if (changed !== undefined) throw new Error(`${changed} cannot change without a new start`);
      // Until all are replaced, there are some of both settings.
      endMs = Math.max(endMs, mayTakeMs(next.settings));
      for (const { number } of workers.places) {
        logger.info("worker is being replaced", { worker: number });
        await workers.replace(number, next.env, READY_MS);
        replaced++;
      }
      endMs = mayTakeMs(next.settings);
      logger.info("workers replaced", { workers: count });
    } catch (fault) {
      const error = messageOf(fault);
      if (replaced === 0)
        logger.error("workers are not replaced", { replaced, workers: count, error });
      else logger.error("not all workers are replaced", { replaced, workers: count, error });
    }
  }

  async function replaceAfter(before: Promise<void>, read: () => WorkerSettings): Promise<void> {
    await before;
    await replaceAll(read);
  }

  let running: Promise<void> = Promise.resolve();
  return {
    report: {
      ...report,
      metrics: METRICS_PORT === null ? "off" : (metrics?.url ?? "not available"),
    },
    async restart(read) {
      // A request that comes while workers are being replaced is obeyed after that.
      running = replaceAfter(running, read);
      return running;
    },
    async stop() {
      await stopWorkers();
      clearInterval(looking);
      metrics?.close();
    },
  };
}

/** How long a worker may take to end, in milliseconds. */
function mayTakeMs({ SHUTDOWN_DELAY_MS, SHUTDOWN_GRACE_MS }: Settings): number {
  return Math.min(SHUTDOWN_DELAY_MS + SHUTDOWN_GRACE_MS + END_MARGIN_MS, LONGEST_MS);
}

/**
 * Finds a free port for `PORT=0`. Workers cannot each pick one, and one that replaces all others must
 * have the port of those before it.
 */
async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
