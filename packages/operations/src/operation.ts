import type { Coordination } from "@edgezero/stores/coordination";
import type { OperatorStore } from "@edgezero/stores/operator-store";
import type { Journal } from "./journal/journal.ts";

/** All that a change of one rollout needs. */
export interface Operation {
  readonly store: OperatorStore;
  readonly journal: Journal;
  /** The place where all operators of the store meet. */
  readonly coordination: Coordination;
  /** Who acts, for lock, mark and journal. */
  readonly who: string;
  /** The mark of the last rollback when the operation began: a later rollback stops its changes. */
  readonly mark: string | null;
  /** The fence of the leader's term, where a controller acts; absent or `null` where a person does. */
  readonly leader?: string | null | undefined;
  /** Takes secrets out of a text before it is recorded. */
  readonly safe: (text: string) => string;
}

/** The parts of an {@link Operation} that its caller has. */
export type OperationParts = Pick<Operation, "store" | "journal" | "who" | "safe">;

/** Begins an operation: remembers the mark of the last rollback. Rejects where the mark cannot be read. */
export async function beginOperation(parts: OperationParts): Promise<Operation> {
  const coordination = coordinationOf(parts.store, parts.journal);
  return { ...parts, coordination, mark: await coordination.mark.read() };
}

/** The place where the operators of a store meet: the store itself, or else the journal's place. */
export function coordinationOf(
  store: Pick<OperatorStore, "coordination"> | null,
  journal: Pick<Journal, "coordination">,
): Coordination {
  return store?.coordination ?? journal.coordination;
}
