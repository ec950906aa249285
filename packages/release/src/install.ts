import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packedFile } from "./packed-file.ts";
import type { PublishedPackage } from "./published-packages.ts";
import { run } from "./run.ts";

/** The package managers by which installations are tried. */
export type Manager = "npm" | "pnpm";

/** The packages that packages need from this repository, themselves included. Each comes after those that it needs. */
export function closureOf(
  names: readonly string[],
  packages: readonly PublishedPackage[],
): readonly PublishedPackage[] {
  const found = new Set<PublishedPackage>();
  const add = (name: string): void => {
    const each = packages.find(({ manifest }) => manifest.name === name);
    if (each === undefined || found.has(each)) return;
    if (!each.isBundled) Object.keys(each.manifest.dependencies ?? {}).forEach(add);
    found.add(each);
  };
  names.forEach(add);
  return [...found];
}

/**
 * Makes an empty folder, and installs packed files in it: the packages of these names and all that they
 * need from here. Packages of others come from the registry.
 */
export async function install(
  project: string,
  manager: Manager,
  names: readonly string[],
  packages: readonly PublishedPackage[],
  packed: string,
): Promise<void> {
  await rm(project, { recursive: true, force: true });
  await mkdir(project, { recursive: true });
  const files = closureOf(names, packages).map(
    ({ manifest }) => [manifest.name, packedFile(packed, manifest)] as const,
  );
  await writeFile(join(project, "package.json"), '{ "private": true, "type": "module" }\n');
  if (manager === "npm") {
    const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
    await run(project, "npm", ["install", ...quiet, ...files.map(([, file]) => file)]);
    return;
  }
  // pnpm asks the registry for what a packed file needs, unless it is told where that is.
  const overrides = files.map(([name, file]) => `  ${JSON.stringify(name)}: file:${file}\n`);
  const workspace = `packages: []\noverrides:\n${overrides.join("")}strictDepBuilds: false\n`;
  await writeFile(join(project, "pnpm-workspace.yaml"), workspace);
  const wanted = files.filter(([name]) => names.includes(name)).map(([, file]) => file);
  await run(project, "pnpm", ["add", "--prefer-offline", "--loglevel=error", ...wanted]);
}
