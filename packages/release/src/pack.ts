import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { manifestToPublish } from "./manifest-to-publish.ts";
import { withRepositoryLinks } from "./page-links.ts";
import { packedFile } from "./packed-file.ts";
import type { PublishedPackage } from "./published-packages.ts";
import { REPOSITORY } from "./published-packages.ts";
import { run } from "./run.ts";

/**
 * Packs a package that is built, as it is to be published, and gives the path of the file.
 *
 * pnpm packs first, since it alone knows versions of the workspace and `publishConfig`. Then the
 * addresses of the repository are filled in, and npm packs again.
 *
 * @param url The address of the repository for people.
 * @param destination The folder of the files. A scope is a folder in it.
 */
export async function pack(
  published: PublishedPackage,
  url: string,
  destination: string,
): Promise<string> {
  const { folder } = published;
  const stage = await mkdtemp(join(tmpdir(), "edgezero-pack-"));
  try {
    const first = join(stage, "first.tgz");
    const pnpm = ["--silent", "pack", "--config.ignore-scripts=true", "--out", first];
    await run(join(REPOSITORY, folder), "pnpm", pnpm);
    const unpacked = join(stage, "package");
    await mkdir(unpacked);
    await run(stage, "tar", ["-xzf", first, "-C", unpacked, "--strip-components=1"]);

    const manifest = join(unpacked, "package.json");
    const packed = JSON.parse(await readFile(manifest, "utf8")) as Record<string, unknown>;
    const filled = manifestToPublish(packed, url, published);
    await writeFile(manifest, `${JSON.stringify(filled, null, 2)}\n`);
    const readme = join(unpacked, "README.md");
    await writeFile(readme, withRepositoryLinks(await readFile(readme, "utf8"), url, folder));

    const npm = ["pack", "--ignore-scripts", "--json", "--pack-destination", stage];
    const [file] = JSON.parse(await run(unpacked, "npm", npm)) as [{ readonly filename: string }];
    const path = packedFile(destination, published.manifest);
    await mkdir(dirname(path), { recursive: true });
    await copyFile(join(stage, file.filename), path);
    return path;
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}
