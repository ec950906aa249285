import { delimiter, dirname, isAbsolute, normalize } from "node:path";

/** The variable that allows paths although another user owns them or may write to them. */
export const TRUSTED_PATHS = "EDGEZERO_TRUSTED_PATHS";

/** Thrown where a file or folder is another user's, a link, or open to others. Names the path. */
export class TrustError extends Error {
  override readonly name = "TrustError";
  readonly path: string;

  /** @param advice What to do about it; the variable that allows the path unless given. */
  constructor(path: string, why: string, advice: string = ALLOW) {
    super(`${path} ${why}${advice}`);
    this.path = path;
  }
}

const ALLOW = `. If that is meant, allow it: set ${TRUSTED_PATHS} to its absolute path, or to that of its folder`;

/** The facts of a file that decide whose it is. */
export interface Ownership {
  /** The user's number. */
  readonly uid: number;
}

/**
 * Refuses what another user owns. Our own files and root's are trusted; for root, also those of the
 * user who called `sudo`, who has root's rights already. Windows has no such owners, and allows all.
 *
 * @throws TrustError
 */
export function checkOwner(path: string, { uid }: Ownership): void {
  const own = process.geteuid?.();
  if (own === undefined || uid === own || uid === 0) return;
  if (own === 0 && process.env["SUDO_UID"] === String(uid)) return;
  if (isAllowed(path)) return;
  throw new TrustError(path, `belongs to another user (number ${uid}; this is ${own})`);
}

/**
 * Whether the operator allows this path, by its own name or by that of its folder.
 *
 * @throws TrustError where the variable names a path that is not absolute.
 */
export function isAllowed(path: string): boolean {
  const given = (process.env[TRUSTED_PATHS] ?? "").split(delimiter).filter((each) => each !== "");
  const relative = given.find((each) => !isAbsolute(each));
  if (relative !== undefined) {
    throw new TrustError(
      path,
      `is not allowed by ${TRUSTED_PATHS}: it names ${JSON.stringify(relative)}, where absolute paths are due, with "${delimiter}" between them`,
      "",
    );
  }
  const allowed = new Set(given.map((each) => normalize(each).replace(/(.)[\\/]$/, "$1")));
  return allowed.has(path) || allowed.has(dirname(path));
}
