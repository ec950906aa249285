import type { PublishedPackage } from "./published-packages.ts";

/** Scripts that a package manager runs where a package is installed. All others are for this repository. */
const OF_INSTALLATION: ReadonlySet<string> = new Set(["preinstall", "install", "postinstall"]);

/**
 * The packed `package.json`, with the addresses of the repository, and without what only this
 * repository needs: scripts and the dependencies of tests.
 *
 * @param url The address of the repository for people.
 */
export function manifestToPublish(
  packed: Readonly<Record<string, unknown>>,
  url: string,
  { folder, isBundled }: Pick<PublishedPackage, "folder" | "isBundled">,
): Record<string, unknown> {
  const { devDependencies: _, dependencies, publishConfig, scripts, ...kept } = packed;
  const remaining = Object.entries((scripts ?? {}) as Record<string, string>).filter(([name]) =>
    OF_INSTALLATION.has(name),
  );
  return {
    ...kept,
    ...(isBundled || dependencies === undefined ? {} : { dependencies }),
    publishConfig: { ...(publishConfig as object | undefined), provenance: true },
    ...(remaining.length > 0 ? { scripts: Object.fromEntries(remaining) } : {}),
    homepage: `${url}/tree/main/${folder}#readme`,
    bugs: { url: `${url}/issues` },
    repository: { type: "git", url: `git+${url}.git`, directory: folder },
  };
}
