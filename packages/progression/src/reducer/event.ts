import type { Counts, Histogram } from "../statistics/index.ts";

/** Distinct clients of a path in the minute that ends with a window. */
export interface Clients {
  readonly all: number;
  /** At most `all`. */
  readonly failing: number;
}

/** What a source counted of one path in one window. */
export interface PathCounts {
  /** Requests that count as evidence. */
  readonly requests: number;
  /** `null` where the source cannot tell. */
  readonly clients: Clients | null;
  /** By the name of a signal. A signal that the source does not give is absent. */
  readonly signals: Readonly<Record<string, Counts | Histogram>>;
}

/** What a source counted in one window, of decisions whose epoch was the same at both ends. */
export interface EvidenceWindow {
  /** Milliseconds of the epoch. The source and `from` are the window's identity. */
  readonly from: number;
  readonly to: number;
  readonly canary: PathCounts;
  readonly control: PathCounts;
  /** All decisions of the window, by the epoch that they carried. */
  readonly decisions: Readonly<Record<string, number>>;
  /** Gateways that were counted. `null` where the source cannot tell. */
  readonly instances: number | null;
}

export const COMMANDS = [
  "start",
  "pause",
  "resume",
  "approve",
  "promote",
  "rollback",
  "reset",
] as const;

/** What an operator can ask for. */
export type CommandName = (typeof COMMANDS)[number];

export interface Command {
  readonly name: CommandName;
  /** Of `approve`: the number of the stage, from 1. */
  readonly stage: number | null;
  /** Of `reset`: a new build at the same stage. */
  readonly keep: boolean;
  /** Who asks for it. */
  readonly by: string;
  /** Why; `reset` of an unverified rollback needs it. */
  readonly reason: string | null;
}

/** Everything that happens to a rollout: plain JSON. `at` is in milliseconds of the epoch. */
export type RolloutEvent =
  /** Time passed. */
  | { readonly type: "tick"; readonly at: number }
  /** A source answered: new windows, oldest first, and the time of its newest sample. */
  | {
      readonly type: "evidence";
      readonly at: number;
      readonly source: string;
      readonly newest: number | null;
      readonly windows: readonly EvidenceWindow[];
    }
  /** The one who sends events had a fault of its own, and may have missed something. */
  | { readonly type: "faulted"; readonly at: number }
  /** A source was asked and did not answer. */
  | { readonly type: "evidence-failed"; readonly at: number; readonly source: string }
  /** The store was read: the percentage in force, 0 while the switch is off. */
  | {
      readonly type: "store";
      readonly at: number;
      readonly pct: number;
      readonly epoch: string | null;
      /** Whether someone has left the mark of a rollback since the read before. */
      readonly isRolledBack?: boolean;
      /** Whether the store has lost the 0 that it had taken: it is as it was before, as a late replica is. */
      readonly isLost?: boolean;
    }
  /** Signed probes were answered: by how many gateways of those known, and how many carry the epoch. */
  | {
      readonly type: "probes";
      readonly at: number;
      readonly epoch: string;
      readonly instances: number;
      readonly carrying: number;
    }
  | { readonly type: "command"; readonly at: number; readonly command: Command }
  /** The result of the effect `raise`. */
  | {
      readonly type: "raised";
      readonly at: number;
      readonly id: string;
      readonly written: boolean;
      readonly epoch: string | null;
    }
  /** The result of the effect `write-zero`. */
  | {
      readonly type: "zeroed";
      readonly at: number;
      readonly id: string;
      readonly written: boolean;
      readonly epoch: string | null;
    }
  /** The result of the effect `prove-zero`. */
  | {
      readonly type: "proved";
      readonly at: number;
      readonly id: string;
      readonly proven: boolean;
    };

export type EventType = RolloutEvent["type"];
export type EventOf<Type extends EventType> = Extract<RolloutEvent, { readonly type: Type }>;
