import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import type { SourceFacts } from "./imports-of.ts";
import { factsOf } from "./imports-of.ts";

const REPOSITORY = fileURLToPath(new URL("../../../../", import.meta.url));
const SOURCE = /\.[cm]?[jt]sx?$/;

/** The dependencies and exports in a `package.json`. */
export interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The part of a `tsconfig.json` that decides which ambient types sources see. */
export interface TypesSeen {
  readonly types: readonly string[];
  readonly lib: readonly string[];
}

/** A package of the workspace. */
export interface WorkspacePackage {
  /** Its folder, from the root of the repository. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Its sources, by path within the folder. */
  readonly sources: Readonly<Record<string, SourceFacts>>;
  /** The ambient types that its `tsconfig.json` lets the sources see. */
  readonly seen: TypesSeen;
}

/** Reads all packages of this repository. Files that git ignores do not count. */
export function readWorkspace(): WorkspacePackage[] {
  const text = readFileSync(join(REPOSITORY, "pnpm-workspace.yaml"), "utf8");
  const { packages: patterns } = parse(text) as { packages: string[] };
  const manifests = patterns.flatMap((pattern) =>
    globSync(`${pattern}/package.json`, { cwd: REPOSITORY }),
  );
  const folders = manifests.map((path) => posix.dirname(path.replaceAll("\\", "/"))).toSorted();
  return folders.map(readPackage);
}

function readPackage(folder: string): WorkspacePackage {
  const root = join(REPOSITORY, folder);
  const args = ["ls-files", "--cached", "--others", "--exclude-standard"];
  const listed = execFileSync("git", args, { cwd: root, encoding: "utf8" });
  const all = listed.split("\n");
  // A package within the folder that is no member of the workspace has dependencies of its own.
  const nested = all.filter((path) => path.endsWith("/package.json")).map(posix.dirname);
  const paths = all.filter(
    (path) => SOURCE.test(path) && !nested.some((inner) => path.startsWith(`${inner}/`)),
  );
  // Git may list a file that is deleted.
  const found = paths.filter((path) => existsSync(join(root, path)));
  return {
    folder,
    manifest: JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest,
    sources: Object.fromEntries(
      found.map((path) => [
        path,
        factsOf(`${folder}/${path}`, readFileSync(join(root, path), "utf8")),
      ]),
    ),
    seen: typesSeen(join(root, "tsconfig.json")),
  };
}

function typesSeen(path: string): TypesSeen {
  interface Config {
    readonly extends?: string;
    readonly compilerOptions?: Partial<TypesSeen>;
  }
  const config = JSON.parse(readFileSync(path, "utf8")) as Config;
  const base = config.extends === undefined ? null : typesSeen(join(path, "..", config.extends));
  return {
    types: config.compilerOptions?.types ?? base?.types ?? [],
    lib: config.compilerOptions?.lib ?? base?.lib ?? [],
  };
}
