import { createAttributionIfAsked, formatEvent } from "@edgezero/gateway";
import type { Attribution, Logger } from "@edgezero/rollout";
import type { EventSink } from "@edgezero/rollout/attribution";
import { sampleEvents } from "@edgezero/rollout/attribution";
import type { Force, ForceRequest } from "@edgezero/rollout/force";
import { createForce } from "@edgezero/rollout/force";
import type { NodeClient, Routed, RoutedClient } from "../routing/gateway.ts";
import type { Metrics } from "./metrics.ts";
import type { UpgradeResponse } from "../origin/upgrade.ts";
import { watchEnding } from "./response-ending.ts";
import type { Settings } from "../settings/settings.ts";
import type { StandardOutput } from "../process/standard-output.ts";

/** How requests and upgrades are attributed to their path. */
export interface NodeAttribution {
  /** Not there where nothing asks for it, so that no request pays for it. */
  readonly ofRequests: Attribution<Request, RoutedClient, Routed> | undefined;
  readonly ofUpgrades: Attribution<ForceRequest, NodeClient, UpgradeResponse> | undefined;
  /** Answers the link that lets a tester choose a path; not there without a secret. */
  readonly forceLink:
    | ((request: Request) => Response | null | Promise<Response | null>)
    | undefined;
}

/** Attributes requests as the settings say, and counts them. */
export function createNodeAttribution(
  settings: Settings,
  metrics: Metrics | null,
  output: StandardOutput,
  logger: Logger,
): NodeAttribution {
  const { SERVICE_NAME, ATTRIBUTION, SHARED_CACHES, EVENT_SAMPLE_RATE } = settings;
  const sinks: EventSink[] = [];
  if (metrics !== null) sinks.push(metrics.sink);
  if (EVENT_SAMPLE_RATE !== undefined) {
    const write: EventSink = (event) => output.writeEvent(`${formatEvent(event)}\n`);
    sinks.push(sampleEvents(write, EVENT_SAMPLE_RATE));
  }
  const force = createNodeForce(settings, logger);
  const options = {
    service: SERVICE_NAME,
    runtime: "node",
    attribution: ATTRIBUTION,
    sharedCaches: SHARED_CACHES,
    sinks,
    onDropped: () => metrics?.countDropped(1),
    override: force?.override,
  };
  return {
    ofRequests: createAttributionIfAsked<Request, RoutedClient, Routed>({
      ...options,
      watchEnding,
    }),
    ofUpgrades: createAttributionIfAsked(options),
    forceLink: force && ((request) => force.link(request) as Promise<Response | null>),
  };
}

function createNodeForce(
  { FORCE_SECRET, FORCE_WHEN_DISABLED }: Settings,
  logger: Logger,
): Force<ForceRequest> | undefined {
  if (FORCE_SECRET === undefined) return undefined;
  return createForce({ secret: FORCE_SECRET, allowWhenDisabled: FORCE_WHEN_DISABLED, logger });
}
