import type { Logger } from "@edgezero/rollout";
import type { NodeAttribution } from "./attribution.ts";
import { createNodeAttribution } from "./attribution.ts";
import type { OpenConfigStore } from "@edgezero/stores/open-config-store";
import { createMetrics } from "./metrics.ts";
import type { MetricsServer } from "./metrics-server.ts";
import { startMetricsServer } from "./metrics-server.ts";
import type { Settings } from "../settings/settings.ts";
import type { StandardOutput } from "../process/standard-output.ts";

/** What is told of each request, and where it can be seen. */
export interface Observation {
  readonly attribution: NodeAttribution;
  /**
   * Opens the metrics endpoint; gives its URL, or why there is none. Never rejects: a gateway whose
   * endpoint cannot listen serves its clients all the same, and says so at error.
   */
  listen(): Promise<string>;
  close(): Promise<void>;
}

/** Starts to count and to tell. */
export function createObservation(
  settings: Settings,
  configStore: OpenConfigStore,
  logger: Logger,
  output: StandardOutput,
): Observation {
  const { METRICS_PORT, METRICS_HOST } = settings;
  const metrics = METRICS_PORT === null ? null : createMetrics(configStore);
  if (metrics !== null) output.onDropped(metrics.countDropped);
  let server: MetricsServer | null = null;

  return {
    attribution: createNodeAttribution(settings, metrics, output, logger),
    async listen() {
      if (metrics === null || METRICS_PORT === null) return "off";
      try {
        server = await startMetricsServer(metrics.page, METRICS_PORT, METRICS_HOST);
        return server.url;
      } catch (error) {
        const { message } = error as Error;
        logger.error("METRICS_PORT and METRICS_HOST: the metrics endpoint cannot listen", {
          error: message,
        });
        return "not available";
      }
    },
    async close() {
      server?.close();
      await metrics?.close();
    },
  };
}
