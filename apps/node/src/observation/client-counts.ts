import type { RolloutPath } from "@edgezero/rollout";
import { canonicalClientIp } from "@edgezero/rollout";
import type { DecisionEvent } from "@edgezero/rollout/attribution";
import type { Sample } from "./exposition.ts";
import type { Bitmap } from "./linear-counting.ts";
import { countDistinct } from "./linear-counting.ts";
import type { ClientOutcome } from "./recent-clients.ts";
import { RecentClients } from "./recent-clients.ts";
import { createSaltedHash, saltOf } from "./salted-hash.ts";

/** How long a salt is used. */
const SALT_MS = 3_600_000;
/** How long the next salt counts beside the last one: then it knows the clients of a whole count. */
const OVERLAP_MS = 70_000;
const MAPPED = "::ffff:";

/** Length of a seed, in bytes. */
export const SEED_BYTES = 32;

/** The clients of the last minute of one process, in a form that can be sent to another. */
export interface CountedClients {
  /** Names the salt. Clients under different salts cannot be compared. */
  readonly salt: number;
  readonly bitmaps: Readonly<Record<RolloutPath, Readonly<Record<ClientOutcome, Bitmap>>>>;
}

/** Clients under one salt. */
interface Salted {
  readonly salt: number;
  readonly recent: RecentClients;
}

const COUNTED: readonly (readonly [RolloutPath, ClientOutcome])[] = [
  ["legacy", "all"],
  ["legacy", "failing"],
  ["edgezero", "all"],
  ["edgezero", "failing"],
];

/**
 * Counts distinct clients by path, all and failing, over the last minute. Requests that are no evidence
 * do not count.
 *
 * Only decisions under the epoch in force count, once that is known. Otherwise a client that changes its
 * path with the percentage would be one of both paths for a minute, and the share of clients would be that
 * of no percentage.
 *
 * The salt of the hashes is replaced every hour: the next one counts beside it for 70 seconds and then
 * takes over, so that no client is counted twice or left out. All salts come from a seed. Processes that
 * share seed and clock see the same client under the same salt, so that {@link clientSamples} counts it
 * once. Gateways share no seed: across them only the largest count is known.
 */
export class ClientCounts {
  readonly #seed: Uint8Array;
  #current: Salted;
  #next: Salted | null = null;
  /** \`null\` before it is known: then all count. */
  #epoch: string | null = null;

  /**
   * @param nowMs Milliseconds of a clock that never goes back, as in each method.
   * @param seed Random; one of its own unless given.
   */
  constructor(
    nowMs: number,
    seed: Uint8Array = crypto.getRandomValues(new Uint8Array(SEED_BYTES)),
  ) {
    this.#seed = seed;
    this.#current = this.#under(Math.floor(nowMs / SALT_MS));
    this.#changeSalt(nowMs);
  }

  /** Adds the client of an event. \`ip\` is any spelling of its address. */
  add(event: DecisionEvent, ip: string | null, nowMs: number): void {
    const { path, outcome, excluded, epoch } = event;
    if (excluded !== null || (this.#epoch !== null && epoch !== this.#epoch)) return;
    const address = addressOf(ip);
    if (address === null) return;
    const isFailing = outcome === "error" || outcome === "timeout";
    this.#changeSalt(nowMs);
    this.#current.recent.add(path, address, isFailing, nowMs);
    this.#next?.recent.add(path, address, isFailing, nowMs);
  }

  /** Begins again where another epoch is in force. */
  follow(epoch: string): void {
    if (this.#epoch !== null && epoch !== this.#epoch) {
      this.#current = this.#under(this.#current.salt);
      if (this.#next !== null) this.#next = this.#under(this.#next.salt);
    }
    this.#epoch = epoch;
  }

  counted(nowMs: number): CountedClients {
    this.#changeSalt(nowMs);
    const { salt, recent } = this.#current;
    const of = (path: RolloutPath): Record<ClientOutcome, Bitmap> => ({
      all: recent.bitmap(path, "all", nowMs),
      failing: recent.bitmap(path, "failing", nowMs),
    });
    return { salt, bitmaps: { legacy: of("legacy"), edgezero: of("edgezero") } };
  }

  #changeSalt(nowMs: number): void {
    const number = Math.floor(nowMs / SALT_MS);
    const isOverlap = number > 0 && nowMs % SALT_MS < OVERLAP_MS;
    const due = isOverlap ? number - 1 : number;
    if (this.#current.salt !== due) {
      this.#current = this.#next?.salt === due ? this.#next : this.#under(due);
    }
    if (!isOverlap) this.#next = null;
    else if (this.#next?.salt !== number) this.#next = this.#under(number);
  }

  #under(salt: number): Salted {
    return { salt, recent: new RecentClients(createSaltedHash(saltOf(this.#seed, salt))) };
  }
}

/**
 * Estimates the clients of several processes together, which share a seed. In the moment in which the
 * salt changes, those under one salt count: the most.
 */
export function clientSamples(counted: readonly CountedClients[]): Sample[] {
  const bySalt = [...Map.groupBy(counted, ({ salt }) => salt).values()];
  return COUNTED.map(([path, outcome]) => ({
    labels: { path, outcome },
    value: Math.max(
      0,
      ...bySalt.map((alike) => countDistinct(alike.map(({ bitmaps }) => bitmaps[path][outcome]))),
    ),
  }));
}

/** The canonical text of an address, so that each spelling is one client; `null` where it is not one. */
function addressOf(ip: string | null): string | null {
  const text = canonicalClientIp(ip);
  return text?.startsWith(MAPPED) && text.includes(".") ? text.slice(MAPPED.length) : text;
}
