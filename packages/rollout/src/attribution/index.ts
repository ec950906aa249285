export type { DecisionDetail } from "../decision-header.ts";
export { DECISION_HEADER, formatDecision, parseDecision } from "../decision-header.ts";
export type {
  AttributionOptions,
  EndingWatch,
  PathOverride,
  ResponseEnding,
} from "./attribution-options.ts";
export { createAttribution } from "./create-attribution.ts";
export type {
  DecisionEvent,
  EventSink,
  Exclusion,
  OriginFault,
  Outcome,
} from "./decision-event.ts";
export { EVENT_VERSION } from "./decision-event.ts";
export type { DroppedListener } from "./deliver.ts";
export { sampleEvents } from "./sample.ts";
export type { SharedCaches } from "./shared-caches.ts";
