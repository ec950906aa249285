import type { Logger } from "@edgezero/rollout";
import { createClientAddress } from "./client/client-address.ts";
import { openConfigStore } from "./config-store/open-config-store.ts";
import { createGateway } from "./routing/gateway.ts";
import { createObservation } from "./observation/observation.ts";
import { createPaths } from "./origin/paths.ts";
import { createServer, listen, stop } from "./routing/server.ts";
import type { Settings } from "./settings/settings.ts";
import type { StandardOutput } from "./process/standard-output.ts";
import type { StartReport } from "./process/start-report.ts";
import { startReport } from "./process/start-report.ts";
import { routeUpgrades } from "./routing/upgrade.ts";

/** How long requests in flight may take to finish. The process must end within 10 seconds. */
const GRACE_MS = 8000;

/** A gateway that listens. */
export interface RunningGateway {
  readonly report: StartReport;
  /** Stops accepting, and resolves when what was in flight has finished or had its time. */
  stop(): Promise<void>;
}

/** Wires settings, config store, paths and servers. Rejects when the address cannot be had. */
export async function startGateway(
  settings: Settings,
  logger: Logger,
  output: StandardOutput,
): Promise<RunningGateway> {
  const configStore = await openConfigStore(settings, logger);
  const clientAddress = createClientAddress(settings.TRUST_PROXY ?? []);
  const paths = createPaths(settings, clientAddress, logger);
  const { legacy, edgezero, origins } = paths;
  const observation = createObservation(settings, configStore, logger, output);
  const { ofRequests, ofUpgrades, forceLink } = observation.attribution;

  const server = createServer(
    createGateway({
      configStore,
      clientAddress,
      logger,
      legacy,
      edgezero,
      attribution: ofRequests,
      forceLink,
    }),
  );
  if (origins !== null) {
    const timeoutMs = settings.UPSTREAM_TIMEOUT_MS;
    routeUpgrades(server, {
      configStore,
      clientAddress,
      logger,
      origins,
      timeoutMs,
      attribution: ofUpgrades,
    });
  }

  async function close(): Promise<void> {
    configStore.close();
    await Promise.all([paths.close(), observation.close()]);
  }

  try {
    const url = await listen(server, settings.PORT, settings.HOST);
    return {
      report: await startReport(url, await observation.listen(), settings, configStore),
      async stop() {
        await stop(server, GRACE_MS);
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
