/** A percentage in a store, with its epoch. */
export interface StoredValue {
  readonly pct: number;
  readonly epoch: string;
}

/** A store, and gateways that follow it some time after each write. */
export class FollowedStore {
  value: StoredValue = { pct: 0, epoch: "epoch-0" };
  /** What gateways decide by. */
  obeyed: StoredValue = this.value;
  obeyedSince = 0;
  readonly #propagationMs: number;
  #writes = 0;
  #landings: readonly (StoredValue & { readonly at: number })[] = [];

  constructor(propagationMs: number) {
    this.#propagationMs = propagationMs;
  }

  write(pct: number, now: number): void {
    this.#writes += 1;
    this.value = { pct, epoch: `epoch-${this.#writes}` };
    this.#landings = [...this.#landings, { ...this.value, at: now + this.#propagationMs }];
  }

  /** When gateways follow between two times, neither included; `null`: they do not. */
  followsBetween(from: number, to: number): number | null {
    return this.#landings.find(({ at }) => at > from && at < to)?.at ?? null;
  }

  /** Whether gateways that are asked at this time decide by the store's value. */
  isFollowedAt(now: number): boolean {
    return this.#landings.every(({ at }) => at <= now);
  }

  /** Lets gateways follow up to a time, and tells whether they changed. */
  follow(now: number): boolean {
    if (this.#landings.length === 0) return false;
    const landed = this.#landings.findLast(({ at }) => at <= now);
    if (landed === undefined) return false;
    this.#landings = this.#landings.filter(({ at }) => at > now);
    this.obeyed = { pct: landed.pct, epoch: landed.epoch };
    this.obeyedSince = landed.at;
    return true;
  }
}
