import type { Outcome } from "../output/output.ts";
import { VERSION } from "../version.ts";

/** `version`: shows the version of this package, as `--version` does. */
export async function showVersion(): Promise<Outcome> {
  return { document: { release: VERSION }, text: VERSION };
}
