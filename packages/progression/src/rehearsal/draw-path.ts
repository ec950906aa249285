import type { PathCounts } from "../reducer/index.ts";
import type { WatchedSignal } from "../reducer/state.ts";
import type { Histogram } from "../statistics/index.ts";
import type { ClientHits, Group, Population } from "./clients.ts";
import { drawBadMoments } from "./clients.ts";
import type { Fault } from "./fault.ts";
import { lastOf } from "./fault.ts";
import { drawLatencies } from "./latency.ts";
import { drawHits } from "./load.ts";
import type { Random } from "./random.ts";
import { binomial } from "./random.ts";

/** A signal, with legacy's usual rate; 0 for a quantile. */
export interface DrawnSignal extends Pick<WatchedSignal, "name" | "kind" | "of" | "source"> {
  readonly rate: number;
}

/** What does not change from window to window. */
export interface Model {
  readonly random: Random;
  readonly signals: readonly DrawnSignal[];
  readonly burst: number;
  /** The part of failures that come of clients' bad moments. */
  readonly badMoments: number;
  readonly population: Population | null;
  readonly chancesOf: (times: number) => readonly number[];
}

/** One path in one window. */
export interface PathLoad {
  readonly isEdgeZero: boolean;
  readonly requests: number;
  /** Requests of both paths. */
  readonly sent: number;
  readonly multiple: number;
  /** Clients of the path, and how many of them send something; `null` where no clients are counted. */
  readonly group: Group | null;
  readonly active: number | null;
}

/** Draws what a source counts of one path in one window, with the faults that are on. */
export function drawPath(model: Model, load: PathLoad, faults: readonly Fault[]): PathCounts {
  const { requests, active } = load;
  const signals: Record<string, PathCounts["signals"][string]> = {};
  const isDown = faults.some((fault) => fault.kind === "outage" && fails(fault.paths, load));
  let histogram: Histogram | null = null;
  let failing = 0;
  for (const signal of model.signals) {
    if (signal.kind === "quantile") {
      // Latency is that of requests that went well.
      histogram ??= drawLatencies(
        model.random,
        isDown ? 0 : requests,
        chancesOf(model, load, faults),
      );
      signals[signal.name] = histogram;
    } else {
      const drawn = isDown ? downHits(signal, load) : drawRate(model, signal, load, faults);
      signals[signal.name] = { trials: requests, hits: drawn.hits };
      failing += drawn.failing;
    }
  }
  if (active === null) return { requests, clients: null, signals };
  return { requests, clients: { all: active, failing: Math.min(active, failing) }, signals };
}

function fails(paths: "both" | "legacy" | "edgezero", { isEdgeZero }: PathLoad): boolean {
  return paths === "both" || paths === (isEdgeZero ? "edgezero" : "legacy");
}

function chancesOf(
  model: Model,
  { isEdgeZero }: PathLoad,
  faults: readonly Fault[],
): readonly number[] {
  return model.chancesOf(isEdgeZero ? (lastOf(faults, "slow")?.times ?? 1) : 1);
}

function downHits({ of }: DrawnSignal, { requests }: PathLoad): ClientHits {
  const hits = of === "failures" ? requests : 0;
  return { hits, failing: hits };
}

function drawRate(
  model: Model,
  signal: DrawnSignal,
  load: PathLoad,
  faults: readonly Fault[],
): ClientHits {
  const { random } = model;
  const { requests, multiple, isEdgeZero } = load;
  const own = isEdgeZero ? faults : [];
  const usual = Math.min(1, signal.rate * multiple);
  const faulty = own.find((fault) => fault.kind === "rate" && fault.signal === signal.name);
  const chance = faulty?.kind === "rate" ? Math.min(1, faulty.rate * multiple) : usual;
  if (typeof signal.of !== "string") {
    return { hits: binomial(random, requests, chance), failing: 0 };
  }
  const drawn = drawFailures(model, load, chance, Math.min(usual, chance));
  const lone = signal.of === "failures" ? lastOf(own, "one-client") : null;
  if (lone === null || requests === 0) return drawn;
  const hits = drawn.hits + binomial(random, requests - drawn.hits, lone.part);
  return { hits, failing: drawn.failing };
}

/** Of the usual failures a part comes of bad moments. All others come to as many clients. */
function drawFailures(
  { random, burst, badMoments, population }: Model,
  { requests, sent, group }: PathLoad,
  chance: number,
  usual: number,
): ClientHits {
  const together = badMoments * usual;
  const bad =
    population === null || group === null || together <= 0
      ? NO_HITS
      : drawBadMoments(population, group, sent, together, random);
  const alone = drawHits(random, requests, chance - together, burst);
  return { hits: Math.min(requests, bad.hits + alone), failing: bad.failing + alone };
}

const NO_HITS: ClientHits = { hits: 0, failing: 0 };
