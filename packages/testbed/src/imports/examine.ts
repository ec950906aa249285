import { circlesOf } from "./circles.ts";
import { examineManifest, examineTypesSeen } from "./examine-manifest.ts";
import { examineSource } from "./examine-source.ts";
import { isProduction, nameOf, packageOf } from "./names.ts";
import { rowOf } from "./table.ts";
import type { WorkspacePackage } from "./workspace.ts";

/**
 * Examines all packages by the table of imports. Each finding is a line that names the file, what it
 * imports, and what is allowed; there are no lines when the table is kept.
 */
export function examineImports(packages: readonly WorkspacePackage[]): string[] {
  const findings = packages.flatMap((each) => {
    const row = rowOf(each.folder);
    if (row === undefined) {
      return [`${each.folder} has no row in packages/testbed/src/imports/table.ts: add one`];
    }
    return [
      ...examineManifest(each, row),
      ...examineTypesSeen(each, row),
      ...Object.entries(each.sources).flatMap(([path, facts]) =>
        examineSource(each, row, packages, path, facts),
      ),
    ];
  });
  const edges = productionEdges(packages);
  const circles = circlesOf([...edges.keys()], (name) => edges.get(name) ?? []);
  return [
    ...findings,
    ...circles.map((circle) => `packages import each other in a circle: ${circle.join(" → ")}`),
  ];
}

/** Which packages of ours each one imports in production, by name without the scope. */
function productionEdges(packages: readonly WorkspacePackage[]): Map<string, string[]> {
  return new Map(
    packages.map(({ manifest, sources }) => {
      const own = nameOf(manifest.name) ?? manifest.name;
      const used = Object.entries(sources)
        .filter(([path]) => isProduction(path))
        .flatMap(([, { imports }]) => imports)
        .map(({ specifier }) => nameOf(packageOf(specifier)));
      const listed = Object.keys(manifest.dependencies ?? {}).map(nameOf);
      const ours = [...used, ...listed].filter((name) => name !== undefined && name !== own);
      return [own, [...new Set(ours as string[])]];
    }),
  );
}
