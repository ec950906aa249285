import { createAttributionIfAsked, formatEvent } from "@edgezero/gateway";
import type { Attribution } from "@edgezero/rollout";
import type { AttributionOptions, EventSink, OriginFault } from "@edgezero/rollout/attribution";
import { sampleEvents } from "@edgezero/rollout/attribution";
import type { ForceOptions, ForceRequest } from "@edgezero/rollout/force";
import { createForce } from "@edgezero/rollout/force";
import type { UpgradeAnswer } from "../origin/upgrade.ts";
import type { Routed } from "../routing/answer.ts";
import type { NodeClient, RoutedClient } from "../routing/client.ts";
import { watchEnding } from "./ending.ts";
import type { Metrics } from "./metrics.ts";
import { WhoseEvent } from "./whose-event.ts";

/** Options of {@link createNodeAttribution}. */
export interface NodeAttributionOptions extends Pick<
  AttributionOptions<Request, RoutedClient>,
  "service" | "attribution" | "sharedCaches" | "healthPaths"
> {
  /** The share of events that are written as lines, 0 to 1; `null` writes no line. */
  readonly sampleRate: number | null;
  /** How testers may choose a path; `null` where they may not. */
  readonly force: ForceOptions | null;
  /** The fault for which the gateway answered a client itself. */
  readonly faultOf: (client: NodeClient) => OriginFault | null;
  /** `null` where nothing is counted. */
  readonly metrics: Metrics | null;
  readonly writeEvent: (line: string) => void;
}

/** How requests and upgrades are attributed to their path. */
export interface NodeAttribution {
  /** `undefined` where nothing asks for it, so that no request pays for it. */
  readonly ofRequests: Attribution<Request, RoutedClient, Routed> | undefined;
  readonly ofUpgrades: Attribution<ForceRequest, NodeClient, UpgradeAnswer> | undefined;
  /** Answers the link that lets a tester choose a path; `undefined` without a secret. */
  readonly forceLink:
    | ((request: Request) => Response | null | Promise<Response | null>)
    | undefined;
}

/** Attributes requests, counts them, and writes their events. */
export function createNodeAttribution(options: NodeAttributionOptions): NodeAttribution {
  const { service, attribution, sharedCaches, healthPaths } = options;
  const { sampleRate, faultOf, metrics, writeEvent } = options;
  const sinks: EventSink[] = [];
  const whose = new WhoseEvent();
  if (metrics !== null) sinks.push((event) => metrics.count(event, whose.ip));
  if (sampleRate !== null) {
    const write: EventSink = (event) => writeEvent(`${formatEvent(event)}\n`);
    sinks.push(sampleEvents(write, sampleRate));
  }
  const force = options.force === null ? undefined : createForce<ForceRequest>(options.force);
  const asked = {
    service,
    runtime: "node",
    attribution,
    sharedCaches,
    healthPaths,
    faultOf,
    sinks,
    onDropped: () => metrics?.countDropped(1),
    override: force?.override,
  };
  return {
    ofRequests: createAttributionIfAsked<Request, RoutedClient, Routed>({
      ...asked,
      watchEnding: whose.inWatch<RoutedClient>(watchEnding),
    }),
    ofUpgrades: whose.inFinish(
      createAttributionIfAsked<ForceRequest, NodeClient, UpgradeAnswer>(asked),
    ),
    forceLink: force && ((request) => force.link(request) as Promise<Response | null>),
  };
}
