import type { Traffic } from "../statistics/index.ts";

/** What a source of evidence can count. `counters`: raw counters of any name. */
export type SourceGives = "failures" | "timeouts" | "latency" | "counters";

/** What is known of a site. What is left out is unknown, and not examined. */
export interface PlanContext {
  /** Requests per second of both paths: always, or for each of the 24 hours of a day. */
  readonly rps?: Traffic["rps"];
  /** Legacy's rate of each signal, by name. */
  readonly rates?: Readonly<Record<string, number>>;
  /** The store's own figure in milliseconds; `null`: it states none. */
  readonly propagationMs?: number | null;
  /** Upper bounds of the latency's buckets in milliseconds. */
  readonly bounds?: readonly number[];
  /** The sources by name, the default one first. */
  readonly sources?: Readonly<Record<string, readonly SourceGives[]>>;
}
