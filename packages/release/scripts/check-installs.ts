// Installs each packed file in an empty folder by npm, and all by pnpm, and imports all that they export on
// the versions of Node that their `engines` allow. Then operates a rollout with the installed programs. The files are in a folder,
// `release` in the root unless given. Needs the registry, for the packages of others.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { exportedPaths } from "../src/exported-paths.ts";
import { install } from "../src/install.ts";
import { kilobytesOf } from "../src/kilobytes-of.ts";
import { nodeOf, versionsFor } from "../src/node-versions.ts";
import { packedFile } from "../src/packed-file.ts";
import type { Manifest } from "../src/published-packages.ts";
import { publishedPackages, REPOSITORY } from "../src/published-packages.ts";
import { run } from "../src/run.ts";
import { walk } from "../src/walk.ts";

/** The most that the command may take on disk with all that it needs: the size that was promised. */
const COMMAND_KILOBYTES = 30 * 1024;
/** Packages that an import would start, or that import what only Workers have. They are run elsewhere. */
const NOT_FOR_NODE: ReadonlySet<string> = new Set(["@edgezero/cloudflare", "@edgezero/node"]);

const packed = resolve(process.argv[2] ?? join(REPOSITORY, "release"));
const packages = publishedPackages();
const folder = await mkdtemp(join(tmpdir(), "edgezero-installs-"));
try {
  // Each alone, by npm, which needs nothing but its packed file and those of what it depends on.
  for (const { manifest } of packages) {
    const { name, engines } = manifest;
    const project = join(folder, name.replace("/", "-"));
    await install(project, "npm", [name], packages, packed);
    if (name === "edgezero-rollout") await checkSize(project);
    const [oldest = ""] = versionsFor(engines?.node);
    const paths = await importAll(project, [manifest], oldest);
    console.log(`${name}: installed by npm, ${paths} paths imported on Node ${oldest}`);
  }
  // All together, by pnpm, which lets a package import only what its own package.json lists.
  const all = join(folder, "all");
  const names = packages.map(({ manifest }) => manifest.name);
  await install(all, "pnpm", names, packages, packed);
  const manifests = packages.map(({ manifest }) => manifest);
  const versions = new Set(manifests.flatMap(({ engines }) => versionsFor(engines?.node)));
  for (const version of versions) {
    const fit = manifests.filter(({ engines }) => versionsFor(engines?.node).includes(version));
    const paths = await importAll(all, fit, version);
    console.log(`${fit.length} packages by pnpm: ${paths} paths imported on Node ${version}`);
  }
  const programs = ["edgezero-rollout", "@edgezero/node", "@edgezero/controller"];
  for (const version of versionsFor(">=26.5")) {
    const project = join(folder, `walk-${version}`);
    await install(project, "npm", programs, packages, packed);
    await walk(project, await nodeOf(version));
    console.log(`a rollout was operated by the installed programs on Node ${version}`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Imports all paths that packages export, and says how many there are. */
async function importAll(
  project: string,
  manifests: readonly Manifest[],
  version: string,
): Promise<number> {
  const paths: string[] = [];
  for (const manifest of manifests.filter(({ name }) => !NOT_FOR_NODE.has(name))) {
    const exported = await exportedPaths(packedFile(packed, manifest));
    paths.push(...exported.map((path) => join(manifest.name, path)));
  }
  const script = paths.map((path) => `await import(${JSON.stringify(path)});`).join("\n");
  await run(project, await nodeOf(version), ["--input-type=module", "--eval", script]);
  return paths.length;
}

async function checkSize(project: string): Promise<void> {
  const kilobytes = await kilobytesOf(join(project, "node_modules"));
  console.log(`edgezero-rollout takes ${(kilobytes / 1024).toFixed(1)} MB`);
  if (kilobytes > COMMAND_KILOBYTES) {
    throw new Error(`edgezero-rollout takes ${kilobytes} KB, of ${COMMAND_KILOBYTES} allowed`);
  }
}
