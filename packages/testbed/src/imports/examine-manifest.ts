import { allowedText, packageAllowed } from "./allowed.ts";
import { nameOf } from "./names.ts";
import type { ImportRow } from "./table.ts";
import type { WorkspacePackage } from "./workspace.ts";

/** Examines the dependencies of a package. Tests may use the testbed, and what their row lists. */
export function examineManifest({ folder, manifest }: WorkspacePackage, row: ImportRow): string[] {
  const forTests = new Set(["testbed", ...(row.tests ?? [])]);
  const { dependencies = {}, peerDependencies = {}, devDependencies = {} } = manifest;
  const used = Object.keys({ ...dependencies, ...peerDependencies });
  const findings = (names: readonly string[], isAllowed: (name: string) => boolean): string[] =>
    names
      .filter((name) => !isAllowed(nameOf(name) ?? ""))
      .map((name) => `${folder}/package.json depends on ${name}. ${allowedText(row)}`);
  return [
    ...findings(ours(used), (name) => packageAllowed(row, name)),
    ...findings(
      ours(Object.keys(devDependencies)),
      (name) => packageAllowed(row, name) || forTests.has(name),
    ),
  ];
}

/** Examines whether the sources of a package see types that they do not import. */
export function examineTypesSeen(
  { folder, seen: { types, lib } }: WorkspacePackage,
  { seesAmbientTypes }: ImportRow,
): string[] {
  if (seesAmbientTypes !== false) return [];
  const ambient = [...types, ...lib.filter((name) => !/^es/i.test(name))];
  return ambient.map(
    (name) => `${folder}/tsconfig.json lets sources see the types of ${name}. Allowed: none`,
  );
}

function ours(names: readonly string[]): string[] {
  return names.filter((name) => nameOf(name) !== undefined);
}
