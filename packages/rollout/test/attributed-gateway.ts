import type { AttributionOptions, DecisionEvent } from "../src/attribution/index.ts";
import { createAttribution } from "../src/attribution/index.ts";
import type { RolloutClient } from "../src/index.ts";
import type { TestOptions } from "./test-gateway.ts";
import { testGateway } from "./test-gateway.ts";

export type TestAttribution = Partial<AttributionOptions<Request, RolloutClient>>;

/** A gateway of `testGateway` whose events are kept. */
export function attributedGateway(
  attribution: TestAttribution = {},
  options: Partial<TestOptions> = {},
) {
  const events: DecisionEvent[] = [];
  const send = testGateway({
    ...options,
    attribution: createAttribution({
      service: "site",
      runtime: "node",
      sinks: [(event) => void events.push(event)],
      ...attribution,
    }),
  });
  return { events, send };
}
