import { posix } from "node:path";
import { allowedText, libraryAllowed, oursAllowed } from "./allowed.ts";
import { exportsPath } from "./exports-path.ts";
import type { Import, SourceFacts } from "./imports-of.ts";
import { COMPUTED } from "./imports-of.ts";
import { isProduction, nameOf, packageOf } from "./names.ts";
import type { ImportRow } from "./table.ts";
import type { WorkspacePackage } from "./workspace.ts";

/** Examines one source of a package. */
export function examineSource(
  own: WorkspacePackage,
  row: ImportRow,
  packages: readonly WorkspacePackage[],
  path: string,
  { imports, processMembers, referencesTypes }: SourceFacts,
): string[] {
  const file = `${own.folder}/${path}`;
  const findings = imports.flatMap((each) => {
    const finding =
      examinePlace(own, packages, path, each) ??
      examineByTable(own, row, path, each) ??
      examineListed(own, row, path, each);
    return finding === null ? [] : [`${file} imports ${each.specifier}${finding}`];
  });
  if (!isProduction(path)) return findings;
  if (referencesTypes && row.seesAmbientTypes === false) {
    findings.push(`${file} references ambient types. Allowed: none`);
  }
  const { processMembers: allowed } = row;
  for (const member of allowed === undefined ? [] : processMembers) {
    if (allowed?.includes(member) === true) continue;
    findings.push(`${file} uses process.${member}. Allowed: ${allowed?.join(", ")}`);
  }
  return findings;
}

/** Examines whether the module is in the same package, or exported by its own. */
function examinePlace(
  own: WorkspacePackage,
  packages: readonly WorkspacePackage[],
  path: string,
  { specifier }: Import,
): string | null {
  if (specifier.startsWith(".")) {
    const target = posix.join(posix.dirname(path), specifier);
    const leaves = target === ".." || target.startsWith("../");
    return leaves ? `, which leaves ${own.folder}. Allowed: what another package exports` : null;
  }
  const target = packages.find(({ manifest }) => manifest.name === packageOf(specifier));
  if (target === undefined) return null;
  const subpath = `.${specifier.slice(target.manifest.name.length)}`;
  if (exportsPath(target.manifest, subpath)) return null;
  const exported = Object.keys(target.manifest.exports ?? {}).join(", ");
  return `, which ${target.folder} does not export. Allowed: ${exported || "nothing"}`;
}

/** Examines whether the table allows the module. */
function examineByTable(
  { manifest }: WorkspacePackage,
  row: ImportRow,
  path: string,
  { specifier, isType }: Import,
): string | null {
  if (specifier.startsWith(".") || packageOf(specifier) === manifest.name) return null;
  const name = nameOf(specifier);
  const inTests = !isProduction(path);
  if (name === undefined) {
    const isAllowed = inTests || libraryAllowed(row, specifier);
    return isAllowed ? null : `. ${allowedText(row)}`;
  }
  if (oursAllowed(row, name, isType)) return null;
  const forTests = ["testbed", ...(row.tests ?? [])];
  const isForTests = forTests.some((each) => name === each || name.startsWith(`${each}/`));
  if (inTests && isForTests) return null;
  const more = inTests ? `; in tests also ${forTests.join(", ")}` : "";
  return `. ${allowedText(row)}${more}`;
}

/** Examines whether the `package.json` of the importing package lists the module's package. */
function examineListed(
  { folder, manifest }: WorkspacePackage,
  row: ImportRow,
  path: string,
  { specifier }: Import,
): string | null {
  const name = packageOf(specifier);
  // Its own files, Node's modules, and those of a platform such as `cloudflare:workers`.
  const isBuiltIn = name === "node" || specifier === COMPUTED || specifier.includes(":");
  if (specifier.startsWith(".") || isBuiltIn || name === manifest.name) return null;
  const { dependencies = {}, peerDependencies = {}, devDependencies = {} } = manifest;
  if (name in { ...dependencies, ...peerDependencies }) return null;
  const mayBeDev = !isProduction(path) || row.imports === "anything";
  if (mayBeDev && name in devDependencies) return null;
  const where = mayBeDev ? "any dependencies" : "the dependencies";
  return `, which is not among ${where} of ${folder}/package.json`;
}
