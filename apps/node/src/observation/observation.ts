import { messageOf } from "@edgezero/faults/faults";
import type { Logger } from "@edgezero/rollout";
import type { OpenConfigStore } from "@edgezero/stores/open-config-store";
import type { StandardOutput } from "../process/standard-output.ts";
import type { OpenCounts } from "../routing/open-connections.ts";
import type { NodeAttribution, NodeAttributionOptions } from "./attribution.ts";
import { createNodeAttribution } from "./attribution.ts";
import type { MetricsServer } from "./metrics-server.ts";
import { startMetricsServer } from "./metrics-server.ts";
import { createMetrics } from "./metrics.ts";

/** Options of {@link createObservation}. */
export interface ObservationOptions {
  readonly attribution: Omit<NodeAttributionOptions, "metrics" | "writeEvent">;
  /** Where the metrics endpoint listens; `null` where there is none, and nothing is counted. */
  readonly metrics: { readonly port: number; readonly host: string } | null;
  readonly configStore: OpenConfigStore;
  readonly open: OpenCounts;
  readonly output: StandardOutput;
  readonly logger: Logger;
}

/** The events and metrics of all requests. */
export interface Observation {
  readonly attribution: NodeAttribution;
  /** Counts a signed probe that was answered. */
  countProbe(): void;
  /**
   * Opens the metrics endpoint and gives its URL, `off`, or `not available`. Never rejects: a gateway
   * whose endpoint cannot listen serves its clients all the same, and logs it at error.
   */
  listen(): Promise<string>;
  close(): void;
}

/** Starts to count requests and to write their events. */
export function createObservation(options: ObservationOptions): Observation {
  const { configStore, output, logger } = options;
  const metrics = options.metrics === null ? null : createMetrics(configStore, options.open);
  if (metrics !== null) output.onDropped(metrics.countDropped);
  let server: MetricsServer | null = null;

  return {
    attribution: createNodeAttribution({
      ...options.attribution,
      metrics,
      writeEvent: (line) => output.writeEvent(line),
    }),
    countProbe: () => metrics?.countProbe(),
    async listen() {
      if (metrics === null || options.metrics === null) return "off";
      const { port, host } = options.metrics;
      try {
        server = await startMetricsServer(metrics.page, port, host);
        return server.url;
      } catch (fault) {
        logger.error("METRICS_PORT and METRICS_HOST: the metrics endpoint cannot listen", {
          error: messageOf(fault),
        });
        return "not available";
      }
    },
    close() {
      server?.close();
    },
  };
}
