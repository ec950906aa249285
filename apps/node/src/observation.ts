import type { Logger } from "@edgezero/rollout";
import type { NodeAttribution } from "./attribution.ts";
import { createNodeAttribution } from "./attribution.ts";
import type { OpenConfigStore } from "./config-store.ts";
import { createEventLines } from "./event-lines.ts";
import { createMetrics } from "./metrics.ts";
import type { MetricsServer } from "./metrics-server.ts";
import { startMetricsServer } from "./metrics-server.ts";
import type { Settings } from "./settings.ts";

/** What is told of each request, and where it can be seen. */
export interface Observation {
  readonly attribution: NodeAttribution;
  /** Where the metrics are, or why they are nowhere. */
  readonly metricsUrl: string;
  close(): Promise<void>;
}

/**
 * Starts counting, and the metrics endpoint. Never rejects: a gateway whose endpoint cannot listen
 * serves its clients all the same, and says so at error.
 */
export async function startObservation(
  settings: Settings,
  configStore: OpenConfigStore,
  logger: Logger,
): Promise<Observation> {
  const { METRICS_PORT, METRICS_HOST } = settings;
  const metrics = METRICS_PORT === null ? null : createMetrics(configStore);
  const lines = createEventLines(() => metrics?.countDropped());
  let server: MetricsServer | null = null;
  let metricsUrl = "off";
  if (metrics !== null && METRICS_PORT !== null) {
    try {
      server = await startMetricsServer(metrics.answer, METRICS_PORT, METRICS_HOST);
      metricsUrl = server.url;
    } catch (error) {
      metricsUrl = "not available";
      const { message } = error as Error;
      logger.error("METRICS_PORT and METRICS_HOST: the metrics endpoint cannot listen", {
        message,
      });
    }
  }
  return {
    attribution: createNodeAttribution(settings, metrics, lines, logger),
    metricsUrl,
    async close() {
      server?.close();
      lines.close();
      await metrics?.close();
    },
  };
}
