const SCOPE = "@edgezero/";
/** The command's package has the program's name, so that `npx` finds it. The table calls it `cli`. */
const COMMAND = "edgezero-rollout";

/** Matches tests and their support, guests of test runtimes, scripts, and settings of tools. */
const BESIDE_PRODUCTION =
  /(?:^|\/)(?:test|guests|scripts)\/|\.test\.\w+$|\.config\.\w+$|(?:^|\/)dev\.ts$/;

/** Whether a source, by its path within its package, runs in production. */
export function isProduction(path: string): boolean {
  return !BESIDE_PRODUCTION.test(path);
}

/** A package of ours, or a path in it, without the scope; `undefined` for one of others. */
export function nameOf(specifier: string): string | undefined {
  if (specifier.startsWith(SCOPE)) return specifier.slice(SCOPE.length);
  return packageOf(specifier) === COMMAND ? specifier.replace(COMMAND, "cli") : undefined;
}

/** The package of a specifier: `@redis/client` of `@redis/client/dist`; `node` of `node:fs`. */
export function packageOf(specifier: string): string {
  if (specifier.startsWith("node:")) return "node";
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}
