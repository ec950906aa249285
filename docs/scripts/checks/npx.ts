import { readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../pages.ts";

/** The calls of a document that would wait for an answer on a machine that has not run them before. */
export function npxFindings(document: string): string[] {
  const text = readFileSync(join(REPOSITORY, document), "utf8");
  return askingCalls(text).map(
    (call) => `${document}: ${call}: npx asks on a first run: add --yes`,
  );
}

/**
 * The calls of `npx` that name a version, and so a package that the folder need not have, without `--yes`.
 * A call by the bare name, such as `npx edgezero-rollout`, is of a package that the page has installed.
 */
export function askingCalls(text: string): string[] {
  return Array.from(text.matchAll(/\bnpx ((?:-\S+ )*)\S+@\d\S*/g))
    .filter(([, options = ""]) => !/(?:^| )(?:--yes|-y) /.test(options))
    .map(([call]) => call);
}
