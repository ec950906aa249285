import type { RolloutSignal } from "../plan/rollout-plan.ts";
import type { Latency } from "./latency.ts";

/** Clients that differ in how much they send. Each one is on one path, by its bucket, as at a gateway. */
export interface SyntheticClients {
  /** Distinct clients of the site, at least 1. */
  readonly count: number;
  /**
   * Index of the Pareto distribution of how much each client sends: above 1, and the lower, the more the
   * few largest ones send.
   */
  readonly tail: number;
  /**
   * The part, 0 to 1, of failures and of timeouts that come of a client's bad moment: a client that has one
   * fails with all its requests of the window. Default 0: they come to any request, and in bursts by `burst`.
   */
  readonly badMoments?: number;
}

/** The traffic of a site that is made up. Rates are 0 to 1. What is left out is regular. */
export interface SyntheticTraffic {
  /** Requests per second of both paths: always, or for each of the 24 hours of a day in UTC. */
  readonly rps: number | readonly number[];
  /**
   * Legacy's rate of each rate signal, by the signal's name. Default: 0.001 of failures, 0.0002 of
   * timeouts, 0.3 of counters.
   */
  readonly rates?: Readonly<Record<string, number>>;
  /** Mean number of hits that come together, at least 1; geometric. Default 1: each comes by itself. */
  readonly burst?: number;
  /** Default: requests come from nobody, and distinct clients are not counted. */
  readonly clients?: SyntheticClients;
  /** Log-normal latencies. Default: a median of 120 ms, with a standard deviation of the log of 0.6. */
  readonly latency?: { readonly medianMs: number; readonly spread: number };
  /** Whether `rps` is the mean of a day that begins anywhere, from 0.4 to 1.6 times as busy. Default false. */
  readonly rhythm?: boolean;
  /** Incidents a day, of 10 minutes, in which both paths fail ten times as often. Default 0. */
  readonly incidents?: number;
  /** By how much the rates of both paths wander from minute to minute: deviation of their log. Default 0. */
  readonly wander?: number;
  /** By how much EdgeZero's share of requests wanders: its log is uniform between ± this. Default 0. */
  readonly shares?: number;
}

const DEFAULT_RATES: Readonly<Record<string, number>> = { failures: 0.001, timeouts: 0.0002 };
/** The part of trials that are hits of a custom signal, such as won bids. */
const RATE_OF_COUNTERS = 0.3;

/** Legacy's rate of a rate signal. */
export function rateOf(
  { rates = {} }: SyntheticTraffic,
  { name, of }: Pick<RolloutSignal, "name" | "of">,
): number {
  const given = Object.hasOwn(rates, name) ? rates[name] : undefined;
  if (given !== undefined) return given;
  return typeof of === "string" ? (DEFAULT_RATES[of] ?? 0) : RATE_OF_COUNTERS;
}

/** Legacy's latencies in milliseconds. */
export function latencyOf({ latency }: SyntheticTraffic): Latency {
  return { median: latency?.medianMs ?? 120, spread: latency?.spread ?? 0.6 };
}
