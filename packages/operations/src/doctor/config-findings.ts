import type { Finding } from "./finding.ts";
import { bad, good, warning } from "./finding.ts";

const CHECK = "config";

/** A config file that is valid. */
export interface FoundConfig {
  readonly path: string;
  /** The plan for all environments is absent where there is none. */
  readonly config: { readonly plan?: unknown };
}

/** The finding about a config file that is valid, or missing: then `found` is `null`. */
export function configFinding(found: FoundConfig | null): Finding {
  if (found === null) {
    return warning(CHECK, "there is no config file, so no plan holds", "Run `init`.");
  }
  const { path, config } = found;
  return config.plan === undefined
    ? good(CHECK, `${path} is valid, and has no plan for all environments`)
    : good(CHECK, `${path} is valid`);
}

/** The finding about a config file that cannot be used. */
export function brokenConfigFinding(path: string | null, why: string): Finding {
  return bad(CHECK, why, `Fix ${path}. \`rollback --store\` works without it.`);
}
