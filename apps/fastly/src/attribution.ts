import type { AttributionSettings } from "@edgezero/gateway";
import { formatEvent, readAttributionSettings, warnOfDropped } from "@edgezero/gateway";
import type { Attribution, Logger, RolloutClient } from "@edgezero/rollout";
import type { EventSink } from "@edgezero/rollout/attribution";
import { createAttribution, sampleEvents } from "@edgezero/rollout/attribution";
import type { Force } from "@edgezero/rollout/force";
import { env } from "fastly:env";
import { Logger as LogEndpoint } from "fastly:logger";
import { createFastlyForce } from "./force.ts";

const ENDPOINT = "edgezero-events";

/** How requests are attributed to their path. */
export interface FastlyAttribution {
  readonly attribute: Attribution<Request, RolloutClient, Response>;
  /** Answers the link that sets a tester's cookie; `null` for every other request. */
  readonly forceLink: (request: Request) => Response | null | Promise<Response | null>;
}

/** Attributes requests as the settings of the build say, and writes their events to an endpoint. */
export function createFastlyAttribution(logger: Logger): FastlyAttribution {
  let opened: FastlyAttribution | undefined;
  // Settings can be read only once there is a request: this file also runs in the build.
  const find = (): FastlyAttribution => (opened ??= open(readSettings(logger), logger));
  return {
    attribute: (request, client, state) => find().attribute(request, client, state),
    forceLink: (request) => find().forceLink(request),
  };
}

/** The build has refused settings that are not valid; in a program that it has not made, none count. */
function readSettings(logger: Logger): AttributionSettings {
  try {
    return readAttributionSettings((setting) => env(`EDGEZERO_${setting}`), "EDGEZERO_");
  } catch (error) {
    logger.warn((error as Error).message);
    return readAttributionSettings(() => undefined);
  }
}

function open(
  { sampleRate, allowWhenDisabled, ...settings }: AttributionSettings,
  logger: Logger,
): FastlyAttribution {
  const sinks: EventSink[] = [];
  if (sampleRate !== null) {
    const endpoint = new LogEndpoint(ENDPOINT);
    sinks.push(sampleEvents((event) => endpoint.log(formatEvent(event)), sampleRate));
  }
  const { override, link }: Force<Request> = createFastlyForce(allowWhenDisabled, logger);
  return {
    attribute: createAttribution({
      ...settings,
      runtime: "fastly",
      sinks,
      onDropped: warnOfDropped(logger),
      override,
    }),
    forceLink: link as FastlyAttribution["forceLink"],
  };
}
