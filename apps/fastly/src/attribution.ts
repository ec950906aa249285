import { formatEvent, healthPathsOf, warnOfDropped } from "@edgezero/gateway";
import type { Attribution, Logger, RolloutClient } from "@edgezero/rollout";
import type { EventSink } from "@edgezero/rollout/attribution";
import { createAttribution, sampleEvents } from "@edgezero/rollout/attribution";
import type { Force } from "@edgezero/rollout/force";
import { Logger as LogEndpoint } from "fastly:logger";
import { createFastlyForce } from "./force.ts";
import type { FastlySettings } from "./settings.ts";

const ENDPOINT = "edgezero-events";

/** How requests are attributed to their path. */
export interface FastlyAttribution {
  readonly attribute: Attribution<Request, RolloutClient, Response>;
  /** Answers the link that sets a tester's cookie; `null` for every other request. */
  readonly forceLink: (request: Request) => Response | null | Promise<Response | null>;
}

/** Attributes requests as the settings of the build say, and writes their events to an endpoint. */
export function createFastlyAttribution(
  settings: FastlySettings,
  logger: Logger,
): FastlyAttribution {
  const sinks: EventSink[] = [];
  if (settings.EVENT_SAMPLE_RATE !== undefined) {
    const endpoint = new LogEndpoint(ENDPOINT);
    const write: EventSink = (event) => endpoint.log(formatEvent(event));
    sinks.push(sampleEvents(write, settings.EVENT_SAMPLE_RATE));
  }
  const { override, link }: Force<Request> = createFastlyForce(
    settings.FORCE_WHEN_DISABLED,
    logger,
  );
  return {
    attribute: createAttribution({
      service: settings.SERVICE_NAME,
      runtime: "fastly",
      attribution: settings.ATTRIBUTION,
      sharedCaches: settings.SHARED_CACHES,
      sinks,
      onDropped: warnOfDropped(logger),
      override,
      healthPaths: healthPathsOf(settings.HEALTH_PATH),
    }),
    forceLink: link as FastlyAttribution["forceLink"],
  };
}
