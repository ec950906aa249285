// Examines the packed files in a folder, `release` in the root unless given: publint, and are-the-types-wrong
// where a package exports code.
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { packedFile } from "../src/packed-file.ts";
import { publishedPackages, REPOSITORY } from "../src/published-packages.ts";
import { exportedPaths } from "../src/exported-paths.ts";
import { run } from "../src/run.ts";

const TOOLS = fileURLToPath(new URL("../node_modules/.bin", import.meta.url));
const folder = resolve(process.argv[2] ?? join(REPOSITORY, "release"));

for (const { manifest } of publishedPackages()) {
  const file = packedFile(folder, manifest);
  const lint = await run(folder, join(TOOLS, "publint"), ["run", "--strict", file]);
  if (!lint.includes("All good!")) throw new Error(`publint: ${lint}`);
  const paths = await exportedPaths(file);
  if (paths.length > 0) {
    // Data such as JSON has no types.
    const entries = ["--entrypoints", ...paths.map((path) => path.replace(/^\.\//, ""))];
    await run(folder, join(TOOLS, "attw"), ["--profile", "esm-only", file, ...entries]);
  }
  console.log(
    `${manifest.name}: publint finds nothing; types of ${paths.length} entries are right`,
  );
}
