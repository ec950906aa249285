/** Heartbeats that a worker sends in a second, about. */
export const BEAT_MS = 500;
/** How often the supervisor looks, in milliseconds. */
export const LOOK_MS = 1000;
/** Looks without a heartbeat after which a worker counts as hung. */
const MOST_LOOKS = 10;
/** The same before its first heartbeat: a start on a busy machine takes its time. */
const MOST_LOOKS_AT_START = 60;

/**
 * Finds out that a worker hangs. Pure: it counts looks and no time, so that a machine that was suspended
 * for an hour finds no hung worker when it wakes.
 */
export class Heartbeat {
  #missed = 0;
  #most = MOST_LOOKS_AT_START;

  beat(): void {
    this.#missed = 0;
    this.#most = MOST_LOOKS;
  }

  /** Looks; gives `true` where the worker has been silent for too long. */
  isSilent(): boolean {
    return ++this.#missed > this.#most;
  }
}
