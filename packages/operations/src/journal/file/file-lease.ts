import { mkdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { tryHold } from "@edgezero/stores/file/exclusive-file";
import { findHold, isStale } from "@edgezero/stores/file/found-hold";
import { thisHolder } from "@edgezero/stores/holder";
import type { Lease } from "@edgezero/stores/lease";

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
      if (await isOfNamesake(path)) await rm(path, { force: true });
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

/** A clock may be corrected by so much while a process starts. */
const SLACK_MS = 1000;

/**
 * Whether the lease is of a process that had this one's number and began to lead before this one started.
 * Only one process has a number at a time: in a container, each restart has the number 1.
 */
async function isOfNamesake(path: string): Promise<boolean> {
  const { host, pid, since } = (await findHold(path))?.holder ?? {};
  if (host !== hostname() || pid !== process.pid || since === undefined) return false;
  return Date.parse(since) < performance.timeOrigin - SLACK_MS;
}
