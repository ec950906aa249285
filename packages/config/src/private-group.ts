import { readFile } from "node:fs/promises";

/**
 * Whether a group has no member but one user. Many systems give each user such a group, and let it
 * write all files by default. A group that the system's own two files do not show counts as shared.
 */
export async function isPrivateGroup(gid: number, uid: number): Promise<boolean> {
  try {
    return isPrivate(await readFile("/etc/group", "utf8"), await readFile("/etc/passwd", "utf8"), {
      gid,
      uid,
    });
  } catch {
    return false;
  }
}

/** The same by the contents of `/etc/group` and `/etc/passwd`. Pure. */
export function isPrivate(
  groups: string,
  users: string,
  { gid, uid }: { readonly gid: number; readonly uid: number },
): boolean {
  const people = rowsOf(users);
  const names = new Set(people.filter(([, , id]) => id === String(uid)).map(([name]) => name));
  const found = rowsOf(groups).filter(([, , id]) => id === String(gid));
  const listed = found.flatMap(([, , , members = ""]) => members.split(",").filter(Boolean));
  const primary = people.filter(([, , , group]) => group === String(gid)).map(([name]) => name);
  return found.length > 0 && [...listed, ...primary].every((name) => names.has(name));
}

function rowsOf(text: string): string[][] {
  return text.split("\n").map((line) => line.split(":"));
}
