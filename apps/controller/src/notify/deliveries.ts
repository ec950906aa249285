import type { Logger } from "@edgezero/rollout";
import type { Clock } from "../loop/clock.ts";
import type { NotifyState } from "./notify-state.ts";
import type { Attempt, WaitingMessage } from "./outbox.ts";
import { attempted, due } from "./outbox.ts";
import type { Receiver } from "./receiver.ts";

const HOUR_MS = 3_600_000;

/** What {@link createDeliveries} needs. */
export interface DeliveryParts {
  readonly name: string;
  readonly receivers: readonly Receiver[];
  readonly state: NotifyState;
  readonly clock: Clock;
  readonly logger: Logger;
  /** 0 to 1. */
  readonly random: () => number;
  /** Ends the deliveries. What was not delivered stays in the state. */
  readonly stop: AbortSignal;
}

/** How many attempts of this process have ended which way. */
export type DeliveryCounts = Readonly<Record<Attempt["kind"], number>>;

/** Delivers what waits: to each receiver one message after the other, to all at the same time. */
export interface Deliveries {
  /** Looks for new messages at once. */
  wake(): void;
  counts(receiver: string): DeliveryCounts;
  /** Resolves once all have stopped. */
  ended(): Promise<void>;
}

export function createDeliveries(parts: DeliveryParts): Deliveries {
  const { name, receivers, state, clock, logger, random, stop } = parts;
  const counts = new Map(receivers.map((each) => [each.name, { delivered: 0, failed: 0 }]));
  let woken = new AbortController();

  function settle({ id, receiver, incident }: WaitingMessage, attempt: Attempt): void {
    const before = state.read().outbox;
    const outbox = attempted(before, id, attempt, clock.wall(), random());
    state.change({ outbox });
    const count = counts.get(receiver);
    if (count !== undefined) count[attempt.kind] += 1;
    if (attempt.kind === "delivered") return;
    const isDead =
      outbox.dead.length > before.dead.length || outbox.dead.at(-1) !== before.dead.at(-1);
    const fields = { environment: name, receiver, incident, why: attempt.why };
    if (isDead) logger.error("nobody was told", fields);
    else logger.warn("a receiver did not take a message", fields);
  }

  async function deliver(receiver: Receiver): Promise<void> {
    while (!stop.aborted) {
      const next = due(state.read().outbox, receiver.name, clock.wall());
      if (next !== null && "message" in next) {
        const { id, body } = next.message;
        // oxlint-disable-next-line no-await-in-loop -- A receiver gets one message after the other.
        const attempt = await receiver.send(id, body, clock.wall(), stop);
        if (stop.aborted && attempt.kind === "failed") return;
        settle(next.message, attempt);
        // oxlint-disable-next-line no-await-in-loop -- As for the message.
        await state.save();
        continue;
      }
      const signal = AbortSignal.any([stop, woken.signal]);
      // oxlint-disable-next-line no-await-in-loop -- It waits for the next message.
      await clock.sleep(next === null ? HOUR_MS : next.waitMs, signal);
    }
  }

  const loops = receivers.map(deliver);
  return {
    wake() {
      const before = woken;
      woken = new AbortController();
      before.abort();
    },
    counts: (receiver) => counts.get(receiver) ?? { delivered: 0, failed: 0 },
    async ended() {
      await Promise.all(loops);
    },
  };
}
