import type { Sample } from "../probe/probe.ts";
import type { Claim } from "./claim.ts";

/** A worker's name: its gateway, its number, and how many there are. */
const NAME = /^([\da-f]{16})-(\d{1,3})-(\d{1,3})$/;

/** The workers of one gateway that answered, and how many it says that it has. */
export interface WorkersSeen {
  readonly seen: number;
  readonly wanted: number;
}

/**
 * Finds a gateway of several workers that were not all seen; `null` where there is none. A gateway knows
 * how many workers it has, so that one that answers no probe is missed without a number of instances.
 *
 * A worker is seen once it has answered a probe that was sent after the write. A gateway without an answer
 * in the closing row is gone, as one is that was started again: it has another name then. Pure.
 *
 * @param closing The samples of the closing row.
 */
export function unseenWorkers(
  samples: readonly Sample[],
  closing: readonly Sample[],
  { since }: Pick<Claim, "since">,
): WorkersSeen | null {
  const there = new Set(closing.map((sample) => workerIn(sample)?.gateway));
  const workers = samples
    .filter(({ sentAt }) => sentAt >= since)
    .flatMap((sample) => workerIn(sample) ?? [])
    .filter(({ gateway }) => there.has(gateway));
  for (const own of Map.groupBy(workers, ({ gateway }) => gateway).values()) {
    const seen = new Set(own.map(({ number }) => number)).size;
    const wanted = own.at(-1)?.of ?? 0;
    if (seen < wanted) return { seen, wanted };
  }
  return null;
}

interface Worker {
  readonly gateway: string;
  readonly number: number;
  readonly of: number;
}

function workerIn({ probe }: Sample): Worker | null {
  const [, gateway, number, of] = NAME.exec(probe?.worker ?? "") ?? [];
  return gateway === undefined ? null : { gateway, number: Number(number), of: Number(of) };
}
