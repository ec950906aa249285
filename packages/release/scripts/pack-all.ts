// Packs every package that is published into a folder, `release` in the root unless given. They must be built.
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pack } from "../src/pack.ts";
import { publishedPackages, REPOSITORY } from "../src/published-packages.ts";
import { repositoryUrl } from "../src/repository-url.ts";

const destination = resolve(process.argv[2] ?? join(REPOSITORY, "release"));
await rm(destination, { recursive: true, force: true });
for (const each of publishedPackages()) {
  console.log(await pack(each, repositoryUrl(), destination));
}
