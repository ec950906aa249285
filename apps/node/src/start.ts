import type { Logger, Probe } from "@edgezero/rollout";
import type { ProbeOptions } from "@edgezero/rollout/probe";
import { createProbe } from "@edgezero/rollout/probe";
import { createClientAddress } from "./client/address.ts";
import { openConfigStore } from "./config-store/open.ts";
import type { ObservationOptions } from "./observation/observation.ts";
import { createObservation } from "./observation/observation.ts";
import type { Origins } from "./origin/paths.ts";
import { createPaths } from "./origin/paths.ts";
import { listen, stop } from "./process/listen.ts";
import type { StandardOutput } from "./process/standard-output.ts";
import type { StartReport } from "./process/start-report.ts";
import { startReport } from "./process/start-report.ts";
import { createGateway } from "./routing/gateway.ts";
import { OpenConnections } from "./routing/open-connections.ts";
import { createServer } from "./routing/server.ts";
import { createUpgradeCloser } from "./routing/upgrade-closer.ts";
import { routeUpgrades } from "./routing/upgrades.ts";
import type { Settings } from "./settings/settings.ts";

/** How long requests in flight may take to finish. The process must end within 10 seconds. */
const GRACE_MS = 8000;

/** A gateway that listens. */
export interface RunningGateway {
  readonly report: StartReport;
  /** Stops accepting, and resolves when the requests in flight have finished or used up their time. */
  stop(): Promise<void>;
}

/**
 * Wires all rooms: the one place that knows the settings, and hands each room its few values.
 * Rejects when it cannot listen at the address.
 */
export async function startGateway(
  settings: Settings,
  logger: Logger,
  output: StandardOutput,
): Promise<RunningGateway> {
  const { EDGEZERO_CONFIG: config, UPSTREAM_TIMEOUT_MS: timeoutMs } = settings;
  const origins = originsOf(settings);
  const clientAddress = createClientAddress(settings.TRUST_PROXY ?? []);
  const { isTrusted } = clientAddress;

  const maxAgeMs = settings.CONFIG_MAX_AGE_MS;
  const configStore = await openConfigStore({ config, maxAgeMs, logger });
  const paths = createPaths(origins, { timeoutMs, isTrusted, logger });
  const open = new OpenConnections();
  const observation = createObservation({
    attribution: attributionOf(settings, logger),
    metrics: metricsOf(settings),
    configStore,
    open: open.counts,
    output,
    logger,
  });
  const { ofRequests, ofUpgrades, forceLink } = observation.attribution;

  const { legacy, edgezero } = paths;
  const shared = { configStore, clientAddress, logger, open, pathHeader: settings.PATH_HEADER };
  const probe = createNodeProbe(settings, {
    open: () => open.counts.edgezero,
    onProbe: () => observation.countProbe(),
    logger,
  });
  const server = createServer(
    createGateway({ ...shared, legacy, edgezero, attribution: ofRequests, forceLink, probe }),
  );
  if (origins !== null) {
    const closer = settings.ROLLBACK_CLOSES_UPGRADES ? createUpgradeCloser(configStore) : undefined;
    routeUpgrades(server, { ...shared, origins, timeoutMs, attribution: ofUpgrades, closer });
  }

  async function close(): Promise<void> {
    configStore.close();
    observation.close();
    await paths.close();
  }

  try {
    const url = await listen(server, settings.PORT, settings.HOST);
    const metrics = await observation.listen();
    return {
      report: await startReport({ url, metrics, config, origins, configStore }),
      async stop() {
        await stop(server, GRACE_MS);
        await close();
      },
    };
  } catch (fault) {
    await close();
    throw fault;
  }
}

/** The settings allow both origins or neither. */
function originsOf({ LEGACY_ORIGIN, EDGEZERO_ORIGIN }: Settings): Origins | null {
  if (LEGACY_ORIGIN === undefined || EDGEZERO_ORIGIN === undefined) return null;
  return { legacy: LEGACY_ORIGIN, edgezero: EDGEZERO_ORIGIN };
}

/** Signed probes, or `undefined` where there is no secret: then nothing of them exists. */
function createNodeProbe(
  { PROBE_SECRET, PROBE_SECRET_PREVIOUS }: Settings,
  options: Omit<ProbeOptions<Request>, "secrets">,
): Probe<Request> | undefined {
  const secrets = [PROBE_SECRET, PROBE_SECRET_PREVIOUS].filter((secret) => secret !== undefined);
  return secrets.length === 0 ? undefined : createProbe({ secrets, ...options });
}

function attributionOf(settings: Settings, logger: Logger): ObservationOptions["attribution"] {
  const { FORCE_SECRET: secret, FORCE_WHEN_DISABLED } = settings;
  return {
    service: settings.SERVICE_NAME,
    attribution: settings.ATTRIBUTION,
    sharedCaches: settings.SHARED_CACHES,
    sampleRate: settings.EVENT_SAMPLE_RATE ?? null,
    force: secret === undefined ? null : { secret, allowWhenDisabled: FORCE_WHEN_DISABLED, logger },
  };
}

function metricsOf({ METRICS_PORT, METRICS_HOST }: Settings): ObservationOptions["metrics"] {
  return METRICS_PORT === null ? null : { port: METRICS_PORT, host: METRICS_HOST };
}
