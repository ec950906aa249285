// Makes the software bill of materials of what is published, from the lock file, and fails with a line for each
// licence that is not allowed. Writes it to the file that is given, `release/sbom.cdx.json` unless given.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Component } from "../src/licences.ts";
import { licenceFindings } from "../src/licences.ts";
import { publishedPackages, REPOSITORY } from "../src/published-packages.ts";
import { run } from "../src/run.ts";

const file = resolve(process.argv[2] ?? join(REPOSITORY, "release", "sbom.cdx.json"));
const filters = publishedPackages().flatMap(({ manifest }) => ["--filter", manifest.name]);
const text = await run(REPOSITORY, "pnpm", [
  ...filters,
  "--silent",
  "sbom",
  "--sbom-format",
  "cyclonedx",
  "--prod",
]);
const { components = [] } = JSON.parse(text) as { readonly components?: readonly Component[] };
if (components.length === 0) throw new Error("the bill of materials is empty");
await mkdir(dirname(file), { recursive: true });
await writeFile(file, text);
const findings = licenceFindings(components);
for (const finding of findings) console.error(finding);
if (findings.length > 0) process.exitCode = 1;
else console.log(`${components.length} components, all with licences that are allowed: ${file}`);
