// Publishes the packed files in a folder, `release` in the root unless given, with provenance. A version that is
// published already is left out, so that a release that broke off can be repeated. With --dry-run nothing is
// published. Refuses while the address of the repository is a placeholder, in a dry run too unless
// --allow-placeholder is given.
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { closureOf } from "../src/install.ts";
import { packedManifest } from "../src/exported-paths.ts";
import { packedFile } from "../src/packed-file.ts";
import { publishedPackages, REPOSITORY } from "../src/published-packages.ts";
import { isPlaceholder, repositoryUrl } from "../src/repository-url.ts";
import { OUTSIDE, run } from "../src/run.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { "dry-run": { type: "boolean" }, "allow-placeholder": { type: "boolean" } },
});
const isDry = values["dry-run"] === true;
const url = repositoryUrl();
if (isPlaceholder(url) && !(isDry && values["allow-placeholder"] === true)) {
  console.error(
    `Nothing is published: repository.url in package.json is still the placeholder ${url}.`,
  );
  process.exit(1);
}

const folder = resolve(positionals[0] ?? join(REPOSITORY, "release"));
const packages = publishedPackages();
// What a package needs goes first, so that no published package waits for another.
const names = packages.map(({ manifest }) => manifest.name);
for (const { manifest } of closureOf(names, packages)) {
  const file = packedFile(folder, manifest);
  const { repository } = await packedManifest(file);
  if (repository?.url !== `git+${url}.git`) throw new Error(`${file} names another repository`);
  const id = `${manifest.name}@${manifest.version}`;
  if (!isDry && (await isPublished(id))) {
    console.log(`${id} is published already`);
    continue;
  }
  const how = isDry ? ["--dry-run", "--provenance=false"] : ["--provenance"];
  await run(folder, "npm", ["publish", file, "--access", "public", ...how], OUTSIDE);
  console.log(`${id}${isDry ? " would be published" : " is published"}`);
}

async function isPublished(id: string): Promise<boolean> {
  const answer = await run(folder, "npm", ["view", id, "version", "--json"]).catch(
    (fault: Error) => {
      if (fault.message.includes("E404")) return "";
      throw fault;
    },
  );
  return answer.trim() !== "";
}
