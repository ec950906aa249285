/** The part of an origin's connections and of its queue that one client has. */
export interface Share<Waiter> {
  readonly client: string;
  held: number;
  /** In the order of arrival. */
  readonly waiting: Set<Waiter>;
}

/** Options of {@link Shares}. */
export interface SharesOptions {
  /** How many connections there are in all. */
  readonly maxHeld: number;
  /** How many may wait in all. */
  readonly maxWaiting: number;
}

/**
 * Shares connections among clients. Whoever waits gets one in turn with the other clients, however
 * many requests each has. One client may hold seven eighths, and fill half of the queue, so that a
 * client that keeps what it has does not keep the others out.
 *
 * Each call takes the same time, however many clients there are.
 */
export class Shares<Waiter> {
  readonly #shares = new Map<string, Share<Waiter>>();
  /** The clients that wait and may have one more, next one first. */
  readonly #next = new Set<Share<Waiter>>();
  readonly #maxHeldByOne: number;
  readonly #maxWaiting: number;
  readonly #maxWaitingOfOne: number;
  waiting = 0;

  constructor({ maxHeld, maxWaiting }: SharesOptions) {
    this.#maxHeldByOne = Math.ceil((maxHeld * 7) / 8);
    this.#maxWaiting = maxWaiting;
    this.#maxWaitingOfOne = Math.ceil(maxWaiting / 2);
  }

  of(client: string): Share<Waiter> {
    let share = this.#shares.get(client);
    if (share === undefined) {
      share = { client, held: 0, waiting: new Set() };
      this.#shares.set(client, share);
    }
    return share;
  }

  mayHoldMore(share: Share<Waiter>): boolean {
    return share.held < this.#maxHeldByOne;
  }

  hold(share: Share<Waiter>): void {
    share.held++;
    if (!this.mayHoldMore(share)) this.#next.delete(share);
  }

  release(share: Share<Waiter>): void {
    share.held--;
    this.#settle(share);
  }

  /** Adds to the queue, or gives `false` where the queue, or this client's part of it, is full. */
  enqueue(share: Share<Waiter>, waiter: Waiter): boolean {
    if (this.waiting >= this.#maxWaiting || share.waiting.size >= this.#maxWaitingOfOne) {
      this.#settle(share);
      return false;
    }
    this.waiting++;
    share.waiting.add(waiter);
    this.#settle(share);
    return true;
  }

  /** Takes one out of the queue, which may have left it already. */
  leave(share: Share<Waiter>, waiter: Waiter): void {
    if (!share.waiting.delete(waiter)) return;
    this.waiting--;
    this.#settle(share);
  }

  /** Takes the next out of the queue that may hold one more. */
  next(): Waiter | undefined {
    const [share] = this.#next;
    const [waiter] = share?.waiting ?? [];
    if (share === undefined || waiter === undefined) return undefined;
    // The last in turn, from now on.
    this.#next.delete(share);
    this.leave(share, waiter);
    return waiter;
  }

  #settle(share: Share<Waiter>): void {
    if (share.waiting.size === 0) {
      this.#next.delete(share);
      if (share.held === 0) this.#shares.delete(share.client);
    } else if (this.mayHoldMore(share)) {
      this.#next.add(share);
    }
  }
}
