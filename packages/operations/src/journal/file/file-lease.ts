import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { holderOf, isStale, thisHolder, tryHold } from "@edgezero/stores/file/exclusive-file";
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
      const fence = randomUUID();
      const holder = thisHolder(who, `lead ${fence}`);
      const hold = await tryHold(path, holder, NEVER);
      if (!hold.isOurs) return { kind: "following", holder: hold.holder };
      const isOurs = async (): Promise<boolean> => {
        return (await holderOf(path))?.command === holder.command;
      };
      const { takenFrom, release } = hold;
      return { kind: "leading", term: { fence, takenFrom, renew: isOurs, release } };
    },
    async holder() {
      const holder = await holderOf(path);
      return holder === null || isStale(holder, NEVER) ? null : holder;
    },
  };
}
