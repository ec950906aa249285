import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";

const NAMES = ["edgezero.config.ts", "edgezero.config.json"] as const;

/**
 * The path of the config file that counts in the folder `cwd`: the nearest one in it and the folders
 * above, up to the repository's root or the home folder, both included. `null` where there is no such
 * file.
 */
export function findConfig(cwd: string): string | null {
  const home = homeFolder();
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    for (const name of NAMES) {
      if (existsSync(join(folder, name))) return join(folder, name);
    }
    const isEnd = folder === home || existsSync(join(folder, ".git"));
    if (isEnd || dirname(folder) === folder) return null;
  }
}

function homeFolder(): string | null {
  try {
    return resolve(homedir());
  } catch {
    // In a container, the user may be a number without a home.
    return null;
  }
}
