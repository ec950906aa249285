import type { ChangeLock, Holder } from "@edgezero/stores/coordination";
import type { FencedRecord, Leadership, Lease, LeaseTerm } from "@edgezero/stores/lease";
import type { OperatorStore, StoredValues } from "@edgezero/stores/operator-store";
import { StoreConflictError } from "@edgezero/stores/operator-store";
import { leadLost, lockLost } from "@edgezero/stores/still-due";
import { isSameValues } from "@edgezero/stores/stored-values";
import type { TestClock } from "../test-clock.ts";

const TERM_MS = 10_000;

/** A write that a server took. */
export interface TakenWrite {
  readonly at: number;
  readonly pct: number;
  /** The fence of the controller's term; `null`: a 0, which needs none. */
  readonly leader: string | null;
}

/**
 * A server as the scripts of the Redis store make one, by a clock that a test holds: ten thousand ticks take
 * a real server too long. The contract of `Lease` runs on both.
 */
export class HeldServer {
  values: StoredValues = { edgezero_enabled: "true", edgezero_rollout_pct: "0" };
  readonly writes: TakenWrite[] = [];
  readonly #clock: TestClock;
  readonly #records = new Map<string, string>();
  #mark: string | null = null;
  #lock: { fence: string; holder: Holder } | null = null;
  #leader: { fence: string; holder: Holder; until: number } | null = null;
  #count = 0;

  constructor(clock: TestClock) {
    this.#clock = clock;
  }

  /** The fence of the term that counts now. */
  get fence(): string | null {
    return this.#leader?.fence ?? null;
  }

  /**
   * The store as one controller has it.
   *
   * @param pass Is waited for before each request: a controller that is paused sends nothing.
   */
  open(pid: number, pass: () => Promise<void> = async () => {}): OperatorStore {
    const coordination = {
      location: "held",
      lock: this.#changeLock(pid, pass),
      mark: {
        read: async () => pass().then(() => this.#mark),
        leave: async (who: string) => pass().then(() => this.#leaveMark(who)),
      },
    };
    return {
      location: "held",
      propagation: "at once",
      propagationMs: 1000,
      read: async () => pass().then(() => this.values),
      coordination,
      leadership: this.leadership(pid, pass),
      write: async (changes, { expected, lock, mark, leader = null }) => {
        await pass();
        if (mark !== this.#mark) throw new StoreConflictError("rolled back meanwhile");
        if (leader !== null && leader !== this.fence) throw leadLost();
        if (!isSameValues(expected, this.values)) throw new StoreConflictError("changed meanwhile");
        if (lock.fence !== this.#lock?.fence) throw lockLost();
        this.#take(changes, leader);
      },
      overwrite: async (changes, who) => {
        await pass();
        this.#take(changes, null);
        this.#leaveMark(who);
      },
      close: async () => {},
    };
  }

  leadership(pid: number, pass: () => Promise<void> = async () => {}): Leadership {
    return {
      termMs: TERM_MS,
      lease: this.#lease(pid, pass),
      record: (name, fence) => this.#record(name, fence, pass),
    };
  }

  #take(changes: Partial<StoredValues>, leader: string | null): void {
    this.values = { ...this.values, ...changes };
    const pct = Number(this.values.edgezero_rollout_pct);
    this.writes.push({ at: this.#clock.wall(), pct, leader });
  }

  #leaveMark(who: string): void {
    this.#mark = `${who} ${(this.#count += 1)}`;
  }

  #holder(who: string, pid: number): Holder {
    const since = new Date(this.#clock.wall()).toISOString();
    return { who, host: "test", pid, since, command: "lead" };
  }

  #changeLock(pid: number, pass: () => Promise<void>): ChangeLock {
    return {
      location: "held",
      take: async (who) => {
        await pass();
        if (this.#lock !== null) return { kind: "busy", holder: this.#lock.holder };
        const fence = `lock-${(this.#count += 1)}`;
        this.#lock = { fence, holder: this.#holder(who, pid) };
        const release = async (): Promise<void> => {
          await pass();
          if (this.#lock?.fence === fence) this.#lock = null;
        };
        return { kind: "held", lock: { fence, takenFrom: null, release } };
      },
      holder: async () => this.#lock?.holder ?? null,
    };
  }

  #lease(pid: number, pass: () => Promise<void>): Lease {
    return {
      location: "held",
      take: async (who) => {
        await pass();
        const now = this.#clock.wall();
        const before = this.#leader;
        if (before !== null && before.until > now) {
          return { kind: "following", holder: before.holder };
        }
        const fence = `term-${(this.#count += 1)}`;
        this.#leader = { fence, holder: this.#holder(who, pid), until: now + TERM_MS };
        if (this.#lock?.holder.pid === before?.holder.pid) this.#lock = null;
        const takenFrom = before?.holder ?? null;
        return { kind: "leading", term: this.#term(fence, takenFrom, pass) };
      },
      holder: async () => {
        const leader = this.#leader;
        return leader === null || leader.until <= this.#clock.wall() ? null : leader.holder;
      },
    };
  }

  #term(fence: string, takenFrom: Holder | null, pass: () => Promise<void>): LeaseTerm {
    return {
      fence,
      takenFrom,
      renew: async () => {
        await pass();
        if (this.#leader?.fence !== fence) return false;
        this.#leader = { ...this.#leader, until: this.#clock.wall() + TERM_MS };
        return true;
      },
      release: async () => {
        await pass();
        if (this.#leader?.fence === fence) this.#leader = null;
      },
    };
  }

  #record(name: string, fence: string, pass: () => Promise<void>): FencedRecord {
    return {
      location: name,
      load: async () => pass().then(() => this.#records.get(name) ?? null),
      save: async (text) => {
        await pass();
        if (fence !== this.fence) throw leadLost();
        this.#records.set(name, text);
      },
    };
  }
}
