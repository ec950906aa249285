import { execFileSync } from "node:child_process";
import { globSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { GATEWAYS } from "./gateways.ts";

/** The folder of the site. */
export const DOCS: string = resolve(import.meta.dirname, "..");
/** The repository's root. */
export const REPOSITORY: string = dirname(DOCS);

/** The paths of the site's pages that are written by hand, at least in part. */
export function sitePages(): string[] {
  // Packages link to each other in `node_modules`, some in a circle: it must not be walked.
  return globSync("**/*.md", { cwd: DOCS, exclude: ["**/node_modules", "**/.*"] })
    .toSorted()
    .map((path) => join(DOCS, path));
}

/** The paths of the READMEs beside the code that have generated parts. */
export function generatedReadmes(): string[] {
  return Object.keys(GATEWAYS).map((app) => join(REPOSITORY, "apps", app, "README.md"));
}

/** Every document of the repository: the site's pages, the READMEs and the like. */
export function documents(): string[] {
  const listed = execFileSync(
    "git",
    ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
    { cwd: REPOSITORY, encoding: "utf8" },
  );
  // The projects of `edgezero-rollout new` are run by packages/release/scripts/check-starters.ts.
  return listed
    .split("\n")
    .filter((path) => path !== "" && !path.startsWith("packages/starter/templates/"))
    .toSorted();
}
