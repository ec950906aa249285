import { isDeepStrictEqual } from "node:util";
import type { RolloutEvent, RolloutState } from "../../src/reducer/index.ts";
import { reduce } from "../../src/reducer/index.ts";
import { BOUNDS } from "../site.ts";
import type { Writer } from "./events.ts";
import { nextEvent, WEATHERS } from "./events.ts";
import { checkState, checkStep, checkTwice } from "./promises.ts";
import { seeded } from "./random.ts";
import { STARTS } from "./starts.ts";
import type { Witness } from "./witness.ts";
import { newWitness, witness } from "./witness.ts";
import { initialState } from "../../src/index.ts";

/** What became of histories: how often each state was there, so that a test can see that all were. */
export type Visits = Map<string, number>;

interface Begun {
  readonly name: string;
  readonly state: RolloutState;
  readonly books: Witness;
  readonly at: number;
}

/** The books at each start: its own events, witnessed from the first one. */
const BEGUN: readonly Begun[] = STARTS.map(({ name, rollout }) => {
  const books = newWitness();
  const { rules } = rollout.state;
  const site = { ...rules, bounds: BOUNDS };
  let state = initialState(rules, site);
  for (const event of rollout.events) {
    const after = reduce(state, event);
    witness(books, state, event, after);
    state = after.state;
  }
  if (!isDeepStrictEqual(state, rollout.state)) throw new Error(`${name}: another replay`);
  return { name, state, books, at: rollout.at };
});

/** To compare a state with its JSON takes as long as ten events: one history in so many ends with it. */
const COMPARED_EACH = 4;

function checkKept(state: RolloutState): void {
  const kept = JSON.parse(JSON.stringify(state)) as RolloutState;
  if (!isDeepStrictEqual(kept, state)) throw new Error("JSON changes the state");
}

/**
 * Runs one random history of 20 to 60 events, and checks every step of it.
 *
 * @throws Error with the seed and the events, where a promise is broken.
 */
export function runHistory(seed: number, visits: Visits): void {
  const random = seeded(seed);
  const { name, state, books: before, at } = random.pick(BEGUN);
  const books: Witness = { ...before, seen: { ...before.seen }, failing: [...before.failing] };
  const mood = random.pick(WEATHERS);
  const events: RolloutEvent[] = [];
  const writer: Writer = { state, random, at, last: null, mood };
  const length = 20 + random.below(41);
  try {
    for (let i = 0; i < length; i += 1) {
      const event = nextEvent(writer);
      events.push(event);
      takeStep(writer, event, books, visits);
    }
    if (seed % COMPARED_EACH === 0) checkKept(writer.state);
  } catch (error) {
    const shown = events.map((event) => JSON.stringify(event)).join("\n");
    throw new Error(`history ${seed}, ${name}: ${String(error)}\n${shown}`, { cause: error });
  }
}

/** The state after each event of a random history, without any check. */
export function statesOf(seed: number): RolloutState[] {
  const random = seeded(seed);
  const { state, at } = random.pick(BEGUN);
  const writer: Writer = { state, random, at, last: null, mood: random.pick(WEATHERS) };
  return Array.from({ length: 20 + random.below(41) }, () => {
    writer.last = nextEvent(writer);
    writer.state = reduce(writer.state, writer.last).state;
    return writer.state;
  });
}

function takeStep(writer: Writer, event: RolloutEvent, books: Witness, visits: Visits): void {
  const { state: before, random } = writer;
  const after = reduce(before, event);
  witness(books, before, event, after);
  const taken = { books, before, event, after };
  checkStep(taken);
  if (random.chance(0.002)) checkState(after.state);
  if (random.chance(0.002)) checkTwice(taken);
  const { phase } = after.state;
  const shown = phase.name === "held" ? `held: ${phase.reason}` : phase.name;
  visits.set(shown, (visits.get(shown) ?? 0) + 1);
  // Stored and read again, as after a restart of the controller.
  const isRestarted = random.chance(0.005);
  writer.state = isRestarted
    ? (JSON.parse(JSON.stringify(after.state)) as RolloutState)
    : after.state;
  writer.last = event;
}
