import type { CommandAnswer, CommandRequest } from "@edgezero/control-api/command";
import type { EvidenceSource } from "@edgezero/evidence/source";
import type { RolloutState } from "@edgezero/progression";
import type { KeptHistory } from "../history/history.ts";
import type { Counts } from "../loop/counts.ts";
import type { Views } from "./views.ts";

/** A rollout that runs. */
export interface RunningRollout {
  readonly views: Views;
  /** How it went. */
  readonly history: Pick<KeptHistory, "read" | "recording">;
  /** The state now, for tests. */
  state(): RolloutState;
  /** The sources that count now. */
  sources(): readonly EvidenceSource[];
  /** What was counted since this process began. */
  counts(): Counts;
  /** Asks store, gateways and sources once, and does what follows. Resolves when all have answered. */
  tick(): Promise<void>;
  command(request: CommandRequest): Promise<CommandAnswer>;
  /** Whether the store was read at least once, and nothing threw in the last two ticks. */
  isReady(): boolean;
  /** Resolves once no effect is under way. */
  settled(): Promise<void>;
  /** Ticks until it is closed. */
  run(): Promise<void>;
  /**
   * Begins nothing more, and ends what is under way: a 0 that is owed is written first, however long that
   * takes, and its proof and a raise have some seconds. What is left is gone on with by the next process.
   */
  close(): Promise<void>;
  /**
   * Ends where another controller leads by now, and saves nothing: that one goes on with what is under way. A
   * 0 that is owed is tried for 3 seconds more, since the other one may not know of it.
   */
  abandon(): Promise<void>;
}
