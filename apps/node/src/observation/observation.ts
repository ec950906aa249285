import { messageOf } from "@edgezero/faults/faults";
import type { Logger } from "@edgezero/rollout";
import type { OpenConfigStore } from "@edgezero/stores/open-config-store";
import type { Readiness } from "../process/readiness.ts";
import type { StandardOutput } from "../process/standard-output.ts";
import type { OpenCounts } from "../routing/open-connections.ts";
import type { NodeAttribution, NodeAttributionOptions } from "./attribution.ts";
import { createNodeAttribution } from "./attribution.ts";
import type { Counted } from "./counted.ts";
import { pageText } from "./counted.ts";
import type { LimitCounts } from "./limit-metrics.ts";
import type { MetricsServer } from "./metrics-server.ts";
import { startMetricsServer } from "./metrics-server.ts";
import type { AddressCounts, CountingProcess } from "./metrics.ts";
import { createMetrics } from "./metrics.ts";

/** The address of the metrics. */
export interface MetricsEndpoint {
  readonly port: number;
  readonly host: string;
}

/** Options of {@link createObservation}. */
export interface ObservationOptions {
  readonly attribution: Omit<NodeAttributionOptions, "metrics" | "writeEvent">;
  /** The process that counts; `null` where nothing is counted. */
  readonly counting: CountingProcess | null;
  /** Where the metrics endpoint listens; `null` where this process has none. */
  readonly endpoint: MetricsEndpoint | null;
  readonly configStore: OpenConfigStore;
  readonly open: OpenCounts;
  readonly limits: LimitCounts;
  readonly addresses: AddressCounts;
  readonly readiness: Readiness;
  readonly output: StandardOutput;
  readonly logger: Logger;
}

/** The events and metrics of all requests. */
export interface Observation {
  readonly attribution: NodeAttribution;
  /** Counts a signed probe that was answered. */
  countProbe(): void;
  /** Everything that was counted so far; `null` where nothing is counted. */
  counted(): Promise<Counted | null>;
  /**
   * Opens the metrics endpoint and gives its URL, `off`, or `not available`. Never rejects: a gateway
   * whose endpoint cannot listen serves its clients all the same, and logs it at error.
   */
  listen(): Promise<string>;
  close(): void;
}

/** Starts to count requests and to write their events. */
export function createObservation(options: ObservationOptions): Observation {
  const { configStore, open, limits, addresses, output, logger, counting, endpoint } = options;
  const metrics =
    counting === null ? null : createMetrics(configStore, open, limits, addresses, counting);
  if (metrics !== null) output.onDropped(metrics.countDropped);
  let server: MetricsServer | null = null;

  return {
    attribution: createNodeAttribution({
      ...options.attribution,
      metrics,
      writeEvent: (line) => output.writeEvent(line),
    }),
    countProbe: () => metrics?.countProbe(),
    counted: async () => (metrics === null ? null : metrics.counted()),
    async listen() {
      if (metrics === null || endpoint === null) return "off";
      server = await listenForScrapes(
        async () => {
          const { metrics: all, clients } = await metrics.counted();
          return pageText(all, [clients]);
        },
        options.readiness,
        endpoint,
        logger,
      );
      return server?.url ?? "not available";
    },
    close() {
      server?.close();
    },
  };
}

/** Opens the metrics endpoint; gives `null`, and logs it at error, where it cannot listen. */
export async function listenForScrapes(
  makePage: () => Promise<string>,
  readiness: Pick<Readiness, "isReady">,
  { port, host }: MetricsEndpoint,
  logger: Logger,
): Promise<MetricsServer | null> {
  try {
    return await startMetricsServer(makePage, readiness, port, host);
  } catch (fault) {
    logger.error("METRICS_PORT and METRICS_HOST: the metrics endpoint cannot listen", {
      error: messageOf(fault),
    });
    return null;
  }
}
