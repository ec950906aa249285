import type {
  CommandName,
  EvidenceWindow,
  PhaseName,
  RolloutEvent,
  RolloutState,
} from "../../src/reducer/index.ts";
import { COMMANDS } from "../../src/reducer/event.ts";
import { isRollback } from "../../src/reducer/rollback.ts";
import type { Load } from "../site.ts";
import { path, WINDOW } from "../site.ts";
import type { Random } from "./random.ts";

/** What both paths show in a window. */
export type Weather = (random: Random, requests: number) => readonly [canary: Load, control: Load];

const QUIET: Weather = () => [{}, {}];
export const WEATHERS: readonly Weather[] = [
  QUIET,
  QUIET,
  QUIET,
  QUIET,
  QUIET,
  QUIET,
  (random, requests) => [{ failures: Math.floor(requests * random.next()) }, {}],
  (random, requests) => [{ timeouts: Math.floor(requests * random.next()) }, {}],
  (_, requests) => [
    { failures: Math.floor(requests / 4), clients: { all: 90, failing: 1 } },
    { clients: { all: 810, failing: 0 } },
  ],
  () => [{ slow: 0.5 }, {}],
  (_, requests) => [{ failures: Math.floor(requests / 2) }, { failures: 200 }],
  () => [{}, { failures: 200 }],
  () => [{ requests: 0 }, {}],
  () => [{}, { requests: 0 }],
  () => [{ requests: 0 }, { requests: 0 }],
  () => [{ without: ["p95"] }, {}],
  () => [{ without: ["errors", "timeouts", "p95"] }, {}],
  () => [{ requests: 3 }, {}],
];

export interface Writer {
  state: RolloutState;
  readonly random: Random;
  /** The clock of the sender of events. It may go back. */
  at: number;
  last: RolloutEvent | null;
  /** What most windows of the history show. */
  readonly mood: Weather;
}

function presentPct({ phase }: RolloutState): number {
  return "pass" in phase ? phase.pass.pct : 0;
}

function presentEpoch({ phase }: RolloutState): string {
  return ("pass" in phase ? phase.pass.epoch : null) ?? "epoch-0";
}

function windowAt({ state, random, mood }: Writer, to: number): EvidenceWindow {
  const share = presentPct(state) / 100;
  const total = 2000;
  const canary = Math.round(total * share);
  const weather = random.chance(0.7) ? mood : random.pick(WEATHERS);
  const [own, legacy] = weather(random, canary);
  return {
    from: to - WINDOW,
    to,
    canary: path({ requests: canary, ...own }),
    control: path({ requests: total - canary, ...legacy }),
    decisions: { [presentEpoch(state)]: total },
    instances: random.chance(0.95) ? 2 : 1,
  };
}

type Write = (writer: Writer) => RolloutEvent;

function evidence(writer: Writer): RolloutEvent {
  const { random } = writer;
  const count = random.chance(0.9) ? 1 : random.below(4);
  writer.at += WINDOW * Math.max(1, count);
  const { at } = writer;
  const windows = Array.from({ length: count }, (_, i) =>
    windowAt(writer, at - (count - 1 - i) * WINDOW),
  );
  const newest = random.chance(0.95) ? at : at - 600_000;
  return { type: "evidence", at, source: "scrape", newest, windows };
}

function store({ state, random, at }: Writer): RolloutEvent {
  const present = presentPct(state);
  const pct = random.chance(0.85)
    ? random.chance(0.3) && state.raise !== null
      ? state.raise.pct
      : present
    : random.pick([0, 0, 5, 10, 30, 50, 100]);
  const epoch = pct === present ? presentEpoch(state) : `epoch-${pct}`;
  return { type: "store", at, pct, epoch };
}

/** The answer to what was asked for last, or to nothing. */
function result({ state, random, at }: Writer): RolloutEvent {
  const written = random.chance(0.85);
  const { phase, raise } = state;
  if (raise !== null) {
    return { type: "raised", at, id: raise.id, written, epoch: `epoch-${raise.pct}` };
  }
  const id = isRollback(phase) ? phase.rollback.id : "raise-1";
  return random.chance(0.5)
    ? { type: "zeroed", at, id, written, epoch: "epoch-0" }
    : { type: "proved", at, id, proven: written };
}

/** What an operator mostly does next, so that few histories end early. */
const WANTED: Readonly<Partial<Record<PhaseName, CommandName>>> = {
  idle: "start",
  "rolled-back": "reset",
  "rollback-unverified": "reset",
  paused: "resume",
  "awaiting-approval": "approve",
};

function command({ state, random, at }: Writer): RolloutEvent {
  const wanted = WANTED[state.phase.name];
  const name = wanted !== undefined && random.chance(0.7) ? wanted : random.pick(COMMANDS);
  const isRare = name === "rollback" && random.chance(0.7);
  const stage = "pass" in state.phase ? state.phase.pass.stage + 1 : 1;
  return {
    type: "command",
    at,
    command: {
      name: isRare ? "approve" : name,
      stage: random.chance(0.8) ? stage : 2,
      keep: random.chance(0.3),
      by: "ana",
      reason: random.chance(0.5) ? "seen by hand" : null,
    },
  };
}

function probes({ state, random, at }: Writer): RolloutEvent {
  const carrying = random.chance(0.9) ? 2 : 1;
  return { type: "probes", at, epoch: presentEpoch(state), instances: 2, carrying };
}

function tick(writer: Writer): RolloutEvent {
  const { random } = writer;
  writer.at += random.chance(0.9) ? random.below(20_000) : -random.below(60_000);
  if (random.chance(0.02)) writer.at += random.below(7_200_000);
  return { type: "tick", at: writer.at };
}

const JUNK: readonly unknown[] = [
  null,
  7,
  "tick",
  [],
  {},
  { type: "tick" },
  { type: "tick", at: -1 },
  { type: "store", at: 1e15, pct: 101 },
  { type: "toString", at: 5 },
  { type: "command", at: 5, command: { name: "launch" } },
];

const WRITERS: readonly (readonly [weight: number, write: Write])[] = [
  [40, evidence],
  [12, store],
  [12, probes],
  [12, result],
  [10, command],
  [7, tick],
  [1, ({ at }) => ({ type: "faulted", at })],
  [2, ({ at }) => ({ type: "evidence-failed", at, source: "scrape" })],
  [3, (writer) => writer.last ?? tick(writer)],
  [1, ({ random }) => random.pick(JUNK) as RolloutEvent],
];

/** The next event of a history: mostly what a site would send now, and sometimes anything. */
export function nextEvent(writer: Writer): RolloutEvent {
  const { random, state } = writer;
  // What was asked for is mostly answered at once, so that histories get somewhere.
  const isAsked = state.raise !== null || state.phase.name === "rolling-back";
  if (isAsked && random.chance(0.5)) return result(writer);
  if (state.phase.name === "rolled-back" && random.chance(0.2)) return command(writer);
  if (state.phase.name === "propagating" && random.chance(0.4)) return probes(writer);
  let left = random.below(100);
  for (const [weight, write] of WRITERS) {
    left -= weight;
    if (left < 0) return write(writer);
  }
  return tick(writer);
}
