import type { Clock } from "../src/loop/clock.ts";

/** A clock that goes on only when a test says so. */
export class TestClock implements Clock {
  #wall: number;
  #elapsed = 0;
  readonly #sleepers = new Set<{ until: number; wake: () => void }>();

  constructor(wall: number) {
    this.#wall = wall;
  }

  /** How many wait for a time to come. */
  get sleepers(): number {
    return this.#sleepers.size;
  }

  wall(): number {
    return this.#wall;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  /** Sets the machine's clock. No time passes. */
  set(wall: number): void {
    this.#wall = wall;
  }

  pass(ms: number): void {
    this.#wall += ms;
    this.#elapsed += ms;
    for (const sleeper of this.#sleepers) {
      if (sleeper.until > this.#elapsed) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#sleepers.delete(sleeper);
        resolve();
      };
      // On a busy machine a write is tried again after a pause that no test makes pass.
      const timer = setTimeout(() => wake(), ms);
      const sleeper = { until: this.#elapsed + ms, wake };
      this.#sleepers.add(sleeper);
      signal.addEventListener("abort", wake, { once: true });
    });
  }
}
