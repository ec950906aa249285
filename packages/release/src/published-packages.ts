import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Packages that are published as a bundle, which holds what they depend on. Whoever installs one needs no more. */
const BUNDLED: ReadonlySet<string> = new Set(["@edgezero/dashboard"]);

/** The root of the repository. */
export const REPOSITORY: string = fileURLToPath(new URL("../../..", import.meta.url));

/** The parts of a `package.json` that a release reads. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly repository?: { readonly url: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly engines?: { readonly node: string };
}

/** A package of the workspace that is published. */
export interface PublishedPackage {
  /** From the root of the repository, such as `packages/rollout`. */
  readonly folder: string;
  /** Whether its packed file holds what it depends on, so that it is published without dependencies. */
  readonly isBundled: boolean;
  readonly manifest: Manifest;
}

/** Reads the `package.json` in a folder. */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

/** All packages that are not private. Each is published, under the name in its `package.json`. */
export function publishedPackages(): readonly PublishedPackage[] {
  return globSync("{packages,apps}/*/package.json", { cwd: REPOSITORY })
    .map(dirname)
    .toSorted()
    .map((folder) => {
      const manifest = readManifest(join(REPOSITORY, folder));
      return { folder, manifest, isBundled: BUNDLED.has(manifest.name) };
    })
    .filter(({ manifest }) => manifest.private !== true);
}
