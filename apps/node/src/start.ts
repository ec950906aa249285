import { setTimeout as wait } from "node:timers/promises";
import { resolve } from "node:path";
import { createSourceOf, healthPathsOf } from "@edgezero/gateway";
import type { Logger } from "@edgezero/rollout";
import { openLastValues } from "@edgezero/stores/file/last-values-file";
import type { LastValues } from "@edgezero/stores/last-values";
import { NO_LAST_VALUES } from "@edgezero/stores/last-values";
import { createClientAddress } from "./client/address.ts";
import { createClientCounts } from "./client/counts.ts";
import { SEED_BYTES } from "./observation/client-counts.ts";
import type { Counted } from "./observation/counted.ts";
import { THIS_PROCESS } from "./observation/counted.ts";
import type { CountingProcess } from "./observation/metrics.ts";
import type { MetricsEndpoint, ObservationOptions } from "./observation/observation.ts";
import { createObservation } from "./observation/observation.ts";
import type { OriginConnectionsOptions } from "./origin/connections.ts";
import { createOriginsCounts } from "./origin/counts.ts";
import { createOriginsFaults } from "./origin/faults.ts";
import type { Origins } from "./origin/paths.ts";
import { createPaths } from "./origin/paths.ts";
import type { OriginsTls } from "./origin/tls.ts";
import { readOriginTls } from "./origin/tls.ts";
import { listen, stop } from "./process/listen.ts";
import { clientsWithin, maxOpenFiles } from "./process/open-files.ts";
import type { StandardOutput } from "./process/standard-output.ts";
import { createReadiness } from "./process/readiness.ts";
import type { StartReport } from "./process/start-report.ts";
import { startReport } from "./process/start-report.ts";
import { createNodeProbes } from "./probes/probes.ts";
import { createGateway } from "./routing/gateway.ts";
import { OpenConnections } from "./routing/open-connections.ts";
import { createServer } from "./routing/server.ts";
import { closeWhen, createClosedUpgrades, createUpgradeCloser } from "./routing/upgrade-closer.ts";
import { routeUpgrades } from "./routing/upgrades.ts";
import type { Settings } from "./settings/settings.ts";
import type { Ending, WorkerPlace } from "./supervisor/messages.ts";
import type { WorkerLink } from "./supervisor/worker-link.ts";

/** A gateway that listens. */
export interface RunningGateway {
  readonly report: StartReport;
  /** Whether this process should get requests, whatever others of its gateway say. */
  isReady(): boolean;
  /** Everything that this process has counted; `null` where nothing is counted. */
  counted(): Promise<Counted | null>;
  /**
   * Says that it is not ready, then stops accepting, and resolves when the requests in flight have
   * finished or used up their time. Where another process takes its place (`restart`), it stops accepting
   * at once, says nothing of itself, and idle connections may bring one more request.
   */
  stop(how?: Ending): Promise<void>;
}

/** How long idle connections are kept where another process takes the place of this one, in milliseconds. */
const RESTART_IDLE_MS = 2000;

/**
 * Wires all rooms: the one place that knows the settings, and hands each room its few values.
 * Rejects when it cannot listen at the address.
 *
 * @param link The supervisor's; `null` where this process is the whole gateway.
 */
export async function startGateway(
  settings: Settings,
  logger: Logger,
  output: StandardOutput,
  link: Pick<WorkerLink, "place" | "areAllReady"> | null = null,
): Promise<RunningGateway> {
  const { EDGEZERO_CONFIG: location, UPSTREAM_TIMEOUT_MS: timeoutMs } = settings;
  const origins = originsOf(settings);
  const clientAddress = createClientAddress(settings.TRUST_PROXY ?? [], logger);
  const headerRules = {
    isTrusted: clientAddress.isTrusted,
    originHost: settings.ORIGIN_HOST,
    sourceOf: createSourceOf(settings.UNTRUSTED_HEADERS),
  };

  const tls = tlsOf(settings);
  const configStore = await location.open({
    maxAgeMs: settings.CONFIG_MAX_AGE_MS,
    last: await lastValuesOf(settings, link, logger),
    logger,
  });
  const originCounts = createOriginsCounts();
  const clientCounts = createClientCounts();
  const closed = { stop: createClosedUpgrades(), rollback: createClosedUpgrades() };
  const faults = createOriginsFaults(originCounts, logger);
  const paths = createPaths(origins, originCounts, tls, faults, {
    ...connectionsOf(settings),
    clientTimeoutMs: settings.CLIENT_TIMEOUT_MS,
    headerRules,
  });
  const open = new OpenConnections();
  const readiness = createReadiness(configStore, link?.areAllReady);
  const observation = createObservation({
    attribution: {
      ...attributionOf(settings, logger),
      faultOf: ({ incoming }) => faults.of(incoming),
    },
    counting: settings.METRICS_PORT === null ? null : countingOf(link),
    // The metrics of several workers are their supervisor's to show.
    endpoint: link === null ? endpointOf(settings) : null,
    configStore,
    open: open.counts,
    limits: { clients: clientCounts, origins: originCounts, closed },
    addresses: clientAddress.counts,
    readiness,
    output,
    logger,
  });
  const { ofRequests, ofUpgrades, forceLink } = observation.attribution;

  const { legacy, edgezero } = paths;
  const shared = { configStore, clientAddress, logger, open, pathHeader: settings.PATH_HEADER };
  const { PROBE_SECRET, PROBE_SECRET_PREVIOUS } = settings;
  const probes = createNodeProbes({
    secrets: [PROBE_SECRET, PROBE_SECRET_PREVIOUS].filter((secret) => secret !== undefined),
    configStore,
    open: () => open.counts.edgezero,
    worker: link === null ? undefined : nameOf(link.place),
    onProbe: () => observation.countProbe(),
    logger,
  });
  const probe = probes?.probe;
  const server = createServer(
    createGateway({
      ...shared,
      legacy,
      edgezero,
      attribution: ofRequests,
      forceLink,
      probe,
      healthPath: settings.HEALTH_PATH ?? false,
      ready: settings.READY_PATH === undefined ? null : { path: settings.READY_PATH, readiness },
    }),
    {
      maxConnections: maxClients(settings, logger),
      clientTimeoutMs: settings.CLIENT_TIMEOUT_MS,
      requestTimeoutMs: settings.REQUEST_TIMEOUT_MS,
      keepAliveTimeoutMs: settings.KEEP_ALIVE_TIMEOUT_MS,
      counts: clientCounts,
      isCheck: (path) => path === settings.HEALTH_PATH || path === settings.READY_PATH,
    },
  );
  let isStopping = false;
  if (origins !== null) {
    const stopCloser = closeWhen(() => isStopping, closed.stop);
    const closer = settings.ROLLBACK_CLOSES_UPGRADES
      ? createUpgradeCloser(configStore, closed.rollback)
      : undefined;
    routeUpgrades(server, {
      ...shared,
      origins,
      headerRules,
      faults,
      tls,
      timeoutMs,
      attribution: ofUpgrades,
      stopCloser,
      closer,
    });
  }

  async function close(): Promise<void> {
    probes?.close();
    configStore.close();
    observation.close();
    await paths.close();
  }

  try {
    const url = await listen(server, settings.PORT, settings.HOST);
    const metrics = await observation.listen();
    return {
      report: await startReport({ url, metrics, location, origins, configStore }),
      isReady: () => readiness.isAloneReady(),
      counted: async () => observation.counted(),
      async stop(how = "stop") {
        if (how === "stop") {
          readiness.stop();
          await wait(settings.SHUTDOWN_DELAY_MS);
        }
        isStopping = true;
        await stop(server, settings.SHUTDOWN_GRACE_MS, how === "restart" ? RESTART_IDLE_MS : 0);
        await close();
      },
    };
  } catch (fault) {
    await close();
    throw fault;
  }
}

/** The settings allow both or neither. */
async function lastValuesOf(
  settings: Settings,
  link: Pick<WorkerLink, "place"> | null,
  logger: Logger,
): Promise<LastValues> {
  const { CONFIG_LAST_VALUES_FILE: file, CONFIG_LAST_VALUES_MAX_AGE_MS: maxAgeMs } = settings;
  if (file === undefined || maxAgeMs === undefined) return NO_LAST_VALUES;
  const store = settings.EDGEZERO_CONFIG.shown;
  // Two workers would write over each other's.
  const path = resolve(link === null ? file : `${file}.${link.place.worker}`);
  return openLastValues({ path, maxAgeMs, store, logger });
}

/** The settings allow both origins or neither. */
function originsOf({ LEGACY_ORIGIN, EDGEZERO_ORIGIN }: Settings): Origins | null {
  if (LEGACY_ORIGIN === undefined || EDGEZERO_ORIGIN === undefined) return null;
  return { legacy: LEGACY_ORIGIN, edgezero: EDGEZERO_ORIGIN };
}

/** @throws Error that names the setting whose file cannot be read. */
function tlsOf(settings: Settings): OriginsTls {
  return {
    legacy: readOriginTls("LEGACY_ORIGIN", {
      servername: settings.LEGACY_ORIGIN_TLS_SERVERNAME,
      ca: settings.LEGACY_ORIGIN_CA,
      cert: settings.LEGACY_ORIGIN_CERT,
      key: settings.LEGACY_ORIGIN_KEY,
    }),
    edgezero: readOriginTls("EDGEZERO_ORIGIN", {
      servername: settings.EDGEZERO_ORIGIN_TLS_SERVERNAME,
      ca: settings.EDGEZERO_ORIGIN_CA,
      cert: settings.EDGEZERO_ORIGIN_CERT,
      key: settings.EDGEZERO_ORIGIN_KEY,
    }),
  };
}

function connectionsOf(settings: Settings): OriginConnectionsOptions {
  return {
    maxConnections: settings.ORIGIN_MAX_CONNECTIONS,
    queueTimeoutMs: settings.ORIGIN_QUEUE_TIMEOUT_MS,
    maxAgeMs: settings.ORIGIN_CONNECTION_MAX_AGE_MS,
    timeoutMs: settings.UPSTREAM_TIMEOUT_MS,
  };
}

function maxClients(settings: Settings, logger: Logger): number {
  const { MAX_CONNECTIONS, ORIGIN_MAX_CONNECTIONS } = settings;
  const maxFiles = maxOpenFiles();
  const served = clientsWithin(maxFiles, MAX_CONNECTIONS, ORIGIN_MAX_CONNECTIONS);
  if (served < MAX_CONNECTIONS) {
    const message = "MAX_CONNECTIONS is lowered: the process may not open so many files";
    logger.warn(message, { setting: MAX_CONNECTIONS, served, openFiles: String(maxFiles) });
  }
  return served;
}

function attributionOf(
  settings: Settings,
  logger: Logger,
): Omit<ObservationOptions["attribution"], "faultOf"> {
  const { FORCE_SECRET: secret, FORCE_WHEN_DISABLED } = settings;
  return {
    service: settings.SERVICE_NAME,
    attribution: settings.ATTRIBUTION,
    sharedCaches: settings.SHARED_CACHES,
    healthPaths: healthPathsOf(settings.HEALTH_PATH, settings.READY_PATH),
    sampleRate: settings.EVENT_SAMPLE_RATE ?? null,
    force: secret === undefined ? null : { secret, allowWhenDisabled: FORCE_WHEN_DISABLED, logger },
  };
}

/** The name of a worker in answers to signed probes. */
function nameOf({ process: gateway, worker, workers }: WorkerPlace): string {
  return `${gateway.name}-${worker}-${workers}`;
}

/** Under which name, and with which salts, a process counts. */
function countingOf(link: Pick<WorkerLink, "place"> | null): CountingProcess {
  if (link === null) {
    const seed = crypto.getRandomValues(new Uint8Array(SEED_BYTES));
    return { process: THIS_PROCESS, seed, now: () => performance.now() };
  }
  // The clock of the machine, which all its processes share.
  const offsetMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();
  const { process: gateway, seed } = link.place;
  return { process: gateway, seed, now: () => performance.now() + offsetMs };
}

/** Where the metrics listen; `null` where they are off. */
function endpointOf({ METRICS_PORT, METRICS_HOST }: Settings): MetricsEndpoint | null {
  return METRICS_PORT === null ? null : { port: METRICS_PORT, host: METRICS_HOST };
}
