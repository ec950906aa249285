import type { DataPointWriter } from "./analytics.ts";

/** What a Worker may go without, and so is not among what Wrangler generates from its settings. */
export interface OptionalBindings {
  /** A dataset of Analytics Engine, for the events. */
  readonly EDGEZERO_EVENTS?: DataPointWriter;
}
