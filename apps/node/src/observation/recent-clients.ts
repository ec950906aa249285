import type { RolloutPath } from "@edgezero/rollout";
import type { Bitmap } from "./linear-counting.ts";
import { addHash, createBitmap, unionOf } from "./linear-counting.ts";
import type { SaltedHash } from "./salted-hash.ts";

/** Which clients are counted: all, or those of which at least one request failed. */
export type ClientOutcome = "all" | "failing";

const SLICE_MS = 10_000;
/** The slice that is being filled, and the six before it: never less than a minute. */
const SLICES = 7;

/** The clients of ten seconds. */
interface Slice {
  /** Which ten seconds, since the process's clock began. */
  number: number;
  readonly bitmaps: Readonly<Record<RolloutPath, Readonly<Record<ClientOutcome, Bitmap>>>>;
}

/**
 * Counts the distinct clients of each path over the last minute, all and failing, with one salt.
 *
 * The minute slides in steps of ten seconds: a count is of the last 60 to 70 seconds. It keeps bits of
 * salted hashes, and no address. Its memory is 224 KiB, whatever the traffic.
 */
export class RecentClients {
  readonly #hash: SaltedHash;
  readonly #slices = Array.from({ length: SLICES }, createSlice);

  constructor(hash: SaltedHash) {
    this.#hash = hash;
  }

  /** @param nowMs Milliseconds of a clock that never goes back. */
  add(path: RolloutPath, address: string, isFailing: boolean, nowMs: number): void {
    const { all, failing } = this.#sliceAt(nowMs).bitmaps[path];
    const hash = this.#hash(address);
    addHash(all, hash);
    if (isFailing) addHash(failing, hash);
  }

  /** The clients of the last minute. */
  bitmap(path: RolloutPath, outcome: ClientOutcome, nowMs: number): Bitmap {
    const now = Math.floor(nowMs / SLICE_MS);
    const recent = this.#slices.filter(({ number }) => number > now - SLICES);
    return unionOf(recent.map(({ bitmaps }) => bitmaps[path][outcome]));
  }

  #sliceAt(nowMs: number): Slice {
    const number = Math.floor(nowMs / SLICE_MS);
    const slice = this.#slices[number % SLICES] as Slice;
    if (slice.number !== number) {
      slice.number = number;
      for (const { all, failing } of Object.values(slice.bitmaps)) {
        all.fill(0);
        failing.fill(0);
      }
    }
    return slice;
  }
}

function createSlice(): Slice {
  return { number: -SLICES, bitmaps: { legacy: createPair(), edgezero: createPair() } };
}

function createPair(): Record<ClientOutcome, Bitmap> {
  return { all: createBitmap(), failing: createBitmap() };
}
