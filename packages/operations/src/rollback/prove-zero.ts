import { withDeadline } from "@edgezero/faults/deadline";
import { messageOf } from "@edgezero/faults/faults";
import type { Changes, OperatorStore } from "@edgezero/stores/operator-store";
import type { GatewayProof } from "../proof/watch-gateway.ts";
import type { Reading } from "../reading.ts";
import { readingOf } from "../reading.ts";
import type { ZeroWrite } from "./write-zero.ts";
import { holds } from "./zero.ts";

/** A store that hangs must not keep the proof from ending: what is not known by then is said. */
const LAST_READ_MS = 3000;

/** The proof of a rollback, after its write. */
export interface ZeroProof {
  /** One for each gateway that was named. */
  readonly gateways: readonly GatewayProof[];
  /** The last values read from the store; `null` where they could not be read. */
  readonly reading: Reading | null;
  /** Why the store no longer holds zero, or `null`. */
  readonly overwritten: string | null;
}

/** Settings of {@link proveZero}. */
export interface ProveZeroOptions {
  readonly store: OperatorStore | null;
  readonly write: ZeroWrite;
  readonly to: Changes;
  /** Watches the gateways, by `watchGateway`. Only what began before the write can see them change. */
  readonly watching: Promise<readonly GatewayProof[]>;
  /** Resolves once no older change can write any more. */
  readonly fenced: Promise<void>;
}

/** Waits for the gateways, then reads the store once more, for 3 seconds at most. Never rejects. */
export async function proveZero(options: ProveZeroOptions): Promise<ZeroProof> {
  const { store, write, to } = options;
  const gateways = await options.watching;
  await options.fenced;
  const known = { gateways, reading: write.reading, overwritten: null };
  if (store === null || write.fault !== null) return known;
  try {
    const reading = await readingOf(await withDeadline(LAST_READ_MS, async () => store.read()));
    const overwritten = holds(reading, to) ? null : "someone else has written since";
    return { gateways, reading, overwritten };
  } catch (error) {
    return { ...known, overwritten: `could not be read again: ${messageOf(error)}` };
  }
}
