/** A message that waits for its receiver. */
export interface WaitingMessage {
  /** The same at each attempt, by which a receiver knows one that it has. */
  readonly id: string;
  readonly receiver: string;
  readonly incident: string;
  readonly what: "opened" | "repeated" | "resolved";
  /** When it was made, in milliseconds of the epoch. */
  readonly at: number;
  readonly attempts: number;
  /** Not before this time, in milliseconds of the epoch. */
  readonly nextAt: number;
  readonly body: string;
  /** Why the last attempt failed; `null` before the first one. */
  readonly why: string | null;
}

/** A message that its receiver did not get, and never will. */
export interface DeadMessage extends Omit<WaitingMessage, "nextAt" | "body" | "why"> {
  readonly diedAt: number;
  readonly why: string;
}

/** The messages of one environment: plain JSON of bounded size. */
export interface Outbox {
  /** In the order in which they were made. */
  readonly waiting: readonly WaitingMessage[];
  /** The latest last. */
  readonly dead: readonly DeadMessage[];
}

export const EMPTY_OUTBOX: Outbox = { waiting: [], dead: [] };

/** A receiver that is away for a day has no more than these. */
export const MOST_WAITING = 200;
const MOST_DEAD = 50;
/** After so long a message is dead. */
export const LIFE_MS = 86_400_000;
const FIRST_PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 15 * 60_000;
/** A receiver may ask for so long a pause, and no longer one. */
export const LONGEST_ASKED_MS = 3_600_000;

/** How an attempt went. */
export type Attempt =
  | { readonly kind: "delivered" }
  | {
      readonly kind: "failed";
      /** For people, without secrets. */
      readonly why: string;
      /** The pause that the receiver asked for, in milliseconds; `null` where it asked for none. */
      readonly pauseMs: number | null;
      /** Whether the receiver said that it is gone for good. */
      readonly isFinal: boolean;
    };

/** Adds a message. Where its receiver has too many, the oldest one dies. Pure. */
export function added(outbox: Outbox, message: WaitingMessage): Outbox {
  if (outbox.waiting.some(({ id }) => id === message.id)) return outbox;
  const all = { ...outbox, waiting: [...outbox.waiting, message] };
  const mine = all.waiting.filter(({ receiver }) => receiver === message.receiver);
  const oldest = mine[0];
  if (mine.length <= MOST_WAITING || oldest === undefined) return all;
  return died(all, oldest, `more than ${MOST_WAITING} messages waited`, message.at);
}

/**
 * The message that a receiver is to be sent now, or how long until one is due; `null`: none waits. A message
 * waits for the earlier ones of its incident: nothing is resolved before it is there. Pure.
 */
export function due(
  outbox: Outbox,
  receiver: string,
  now: number,
): { readonly message: WaitingMessage } | { readonly waitMs: number } | null {
  const mine = outbox.waiting.filter((each) => each.receiver === receiver);
  const first = mine.filter(
    ({ incident }, index) => mine.findIndex((each) => each.incident === incident) === index,
  );
  const [next] = first.toSorted((a, b) => a.nextAt - b.nextAt);
  if (next === undefined) return null;
  // A clock that was set back must not make a message wait for days.
  const waitMs = Math.min(next.nextAt - now, LONGEST_ASKED_MS);
  return waitMs <= 0 ? { message: next } : { waitMs };
}

/** What an attempt changes. `random`: 0 to 1. Pure. */
export function attempted(
  outbox: Outbox,
  id: string,
  attempt: Attempt,
  now: number,
  random: number,
): Outbox {
  const message = outbox.waiting.find((each) => each.id === id);
  if (message === undefined) return outbox;
  if (attempt.kind === "delivered") {
    return { ...outbox, waiting: outbox.waiting.filter((each) => each !== message) };
  }
  const { why, pauseMs, isFinal } = attempt;
  const tried = { ...message, attempts: message.attempts + 1, why };
  const nextAt = now + pauseOf(tried.attempts, pauseMs, random);
  const waiting = outbox.waiting.map((each) => (each === message ? { ...tried, nextAt } : each));
  const isOver = isFinal || nextAt - message.at > LIFE_MS;
  return isOver
    ? died({ ...outbox, waiting }, { ...tried, nextAt }, why, now)
    : { ...outbox, waiting };
}

/** Lets the messages die whose receivers the config does not have any more. Pure. */
export function orphaned(outbox: Outbox, receivers: ReadonlySet<string>, now: number): Outbox {
  const why = "the config has no such receiver any more";
  return outbox.waiting
    .filter(({ receiver }) => !receivers.has(receiver))
    .reduce((left, message) => died(left, message, why, now), outbox);
}

/** Doubles from 5 s to 15 min, less up to a half by chance, so that receivers are not asked in step. */
function pauseOf(attempts: number, askedMs: number | null, random: number): number {
  const fullMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(20, attempts - 1));
  const jitteredMs = Math.round(fullMs * (1 - random / 2));
  return Math.max(jitteredMs, Math.min(LONGEST_ASKED_MS, askedMs ?? 0));
}

function died(outbox: Outbox, message: WaitingMessage, why: string, now: number): Outbox {
  const { id, receiver, incident, what, at, attempts } = message;
  const dead = { id, receiver, incident, what, at, attempts, diedAt: now, why };
  return {
    waiting: outbox.waiting.filter((each) => each.id !== id),
    dead: [...outbox.dead, dead].slice(-MOST_DEAD),
  };
}
