import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { findHold, isStale, tryHold } from "@edgezero/stores/file/exclusive-file";
import { thisHolder } from "@edgezero/stores/holder";
import type { Lease } from "../lease.ts";

/** A process that lives may lead without end. */
const NEVER = Infinity;

/**
 * A lease as a file, for processes of one host. A leader on another host cannot be examined, so its
 * lease is never taken over: remove the file by hand once that process is known to be gone.
 */
export function fileLease(path: string): Lease {
  return {
    location: path,
    async take(who) {
      await mkdir(dirname(path), { recursive: true });
      const hold = await tryHold(path, thisHolder(who, "lead"), NEVER);
      if (!hold.isOurs) return { kind: "following", holder: hold.holder };
      const { text, takenFrom, release } = hold;
      const renew = async (): Promise<boolean> => (await findHold(path))?.text === text;
      return { kind: "leading", term: { fence: text, takenFrom, renew, release } };
    },
    async holder() {
      const found = await findHold(path);
      return found === null || isStale(found.holder, NEVER) ? null : found.holder;
    },
  };
}
