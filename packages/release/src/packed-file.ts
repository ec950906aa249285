import { join } from "node:path";
import type { Manifest } from "./published-packages.ts";

/**
 * The path of a package's packed file in a folder, by its full name: npm's own file name of
 * `@edgezero/rollout` is that of `edgezero-rollout`.
 */
export function packedFile(folder: string, { name, version }: Manifest): string {
  return join(folder, `${name}-${version}.tgz`);
}
