import type { Stats } from "node:fs";
import { lstat, realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { checkOwner, isAllowed, TrustError } from "@edgezero/stores/file/trust";
import { isPrivateGroup } from "./private-group.ts";

const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

/**
 * Refuses a config file that someone else can decide: another user's, or one that others may write, and
 * the same for its folder. A TypeScript file runs with all rights of the operator, and a JSON file names
 * the store and the gateways. Where the path is a link, the link and the file it leads to both count.
 *
 * @throws TrustError
 */
export async function checkTrust(path: string): Promise<void> {
  if (process.geteuid === undefined || isAllowed(path)) return;
  const link = await lstat(path);
  checkOwner(path, link);
  const target = await realpath(path);
  if (target !== path && isAllowed(target)) return;
  for (const folder of new Set([dirname(path), dirname(target)])) await checkFolder(folder);
  const file = await stat(target);
  checkOwner(target, file);
  if (await isOpenToOthers(file)) throw new TrustError(target, "may be written by other users");
}

async function checkFolder(folder: string): Promise<void> {
  const stats = await stat(folder);
  checkOwner(folder, stats);
  // In a sticky folder such as /tmp, only its owner can replace a file.
  if ((stats.mode & STICKY) === 0 && !isAllowed(folder) && (await isOpenToOthers(stats))) {
    throw new TrustError(folder, "may be written by other users");
  }
}

async function isOpenToOthers({ mode, uid, gid }: Stats): Promise<boolean> {
  if ((mode & OTHERS_WRITE) !== 0) return true;
  return (mode & GROUP_WRITES) !== 0 && !(await isPrivateGroup(gid, uid));
}
