import {
  createAttributionIfAsked,
  formatEvent,
  healthPathsOf,
  warnOfDropped,
} from "@edgezero/gateway";
import type { Attribution, Logger, RolloutClient } from "@edgezero/rollout";
import type { EventSink, PathOverride } from "@edgezero/rollout/attribution";
import { sampleEvents } from "@edgezero/rollout/attribution";
import type { DataPointWriter } from "./analytics.ts";
import { writeToAnalytics } from "./analytics.ts";
import type { WorkerSettings } from "./settings.ts";

/** Where events go, and who may choose a path. */
export interface AttributionParts {
  readonly settings: WorkerSettings["settings"];
  /** The Analytics Engine binding, `undefined` where there is none. */
  readonly analytics: DataPointWriter | undefined;
  readonly override: PathOverride<Request> | undefined;
  readonly logger: Logger;
}

/**
 * Attributes requests: every event to Analytics Engine, and a sample to the console. `undefined` where
 * nothing asks for it, so that no request pays for it.
 */
export function createCloudflareAttribution({
  settings,
  analytics,
  override,
  logger,
}: AttributionParts): Attribution<Request, RolloutClient, Response> | undefined {
  const sinks: EventSink[] = [];
  if (analytics !== undefined) sinks.push(writeToAnalytics(analytics));
  if (settings.EVENT_SAMPLE_RATE !== undefined) {
    sinks.push(
      sampleEvents((event) => console.log(formatEvent(event)), settings.EVENT_SAMPLE_RATE),
    );
  }
  return createAttributionIfAsked({
    service: settings.SERVICE_NAME,
    runtime: "cloudflare",
    attribution: settings.ATTRIBUTION,
    sharedCaches: settings.SHARED_CACHES,
    sinks,
    onDropped: warnOfDropped(logger),
    override,
    healthPaths: healthPathsOf(settings.HEALTH_PATH),
  });
}
