import { randomUUID } from "node:crypto";
import { appendEntries } from "@edgezero/operations/journal/append";
import { holderText } from "../audit/change-lock.ts";
import type { NewEntry } from "@edgezero/operations/journal/entry";
import { noteOf } from "@edgezero/operations/journal/entry";
import { messageOf } from "@edgezero/faults/faults";
import type { Target } from "../config/target.ts";
import type { Output } from "../output/output.ts";
import type { Coordination } from "@edgezero/stores/coordination";
import type { Changes } from "@edgezero/stores/operator-store";
import type { RollbackReport } from "./rollback-report.ts";
import { headline } from "./rollback-report.ts";

const LIMIT_MS = 3000;

/** What the trail needs to know of a rollback. */
export interface RollbackRecord {
  readonly output: Output;
  readonly target: Target;
  readonly coordination: Coordination;
  readonly location: string;
  readonly to: Changes;
  readonly reason: string | undefined;
  readonly who: string;
}

/** Records a rollback, without ever holding it up. */
export interface RollbackRecorder {
  /**
   * Begins to write the entry that says what is meant. Resolves once changes that began earlier can
   * see that there is a rollback, within 3 seconds; never rejects.
   */
  begin(): Promise<void>;
  /** Writes how it ended. Gives why it could not be recorded, or `null`. */
  end(report: RollbackReport): Promise<string | null>;
}

/** A {@link RollbackRecorder}: the lock is not waited for, which the trail then says. */
export function recordRollback(record: RollbackRecord): RollbackRecorder {
  const { target, coordination, location, to, who, output } = record;
  const change = randomUUID();
  const base = { who, store: location };
  let begun: Promise<void> = Promise.resolve();

  async function writeIntent(): Promise<void> {
    const reason = record.reason === undefined ? null : output.safe(record.reason);
    const intent: NewEntry = {
      kind: "intent",
      change,
      command: "rollback",
      ...base,
      from: null,
      to,
      reason,
    };
    const holder = await coordination.lock.holder().catch(() => null);
    const note =
      holder === null
        ? []
        : [noteOf("lock-not-waited-for", { ...base, detail: holderText(holder) })];
    await appendEntries(target.trail, [...note, intent] as [NewEntry]);
  }

  async function writeResult(report: RollbackReport): Promise<void> {
    await begun;
    const { exit, write } = report;
    if (write.startedAt === null) return;
    const result = exit === "ok" ? "verified" : exit === "unverified" ? "unverified" : "failed";
    await appendEntries(target.trail, [
      {
        kind: "result",
        change,
        command: "rollback",
        result,
        ...base,
        values: write.reading?.values ?? null,
        detail: output.safe(headline(report)),
      },
    ]);
  }

  return {
    async begin() {
      begun = writeIntent();
      // Reported at the end.
      begun.catch(() => {});
      await inTime(coordination.mark.leave(who));
    },
    end: async (report) => inTime(writeResult(report)),
  };
}

/** Waits for what is written, for 3 seconds at most. Gives why it was not, or `null`. */
async function inTime(writing: Promise<void>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer in ${LIMIT_MS} ms`), LIMIT_MS);
  });
  const done = writing.then(
    () => null,
    (error: unknown) => messageOf(error),
  );
  const problem = await Promise.race([done, timeUp]);
  clearTimeout(timer);
  return problem;
}
