import { existsSync } from "node:fs";
import { join, posix } from "node:path";

const INSTALLED = posix.join(
  "node_modules",
  "edgezero-rollout",
  "schema",
  "edgezero.config.schema.json",
);
/** The name of a copy beside the config file. */
export const SCHEMA_COPY = "edgezero.config.schema.json";

/**
 * The `$schema` of a config file in `folder`: the schema of the installed package, where the project has
 * installed it, else a copy beside the config file. Relative, so that it is true on every machine.
 */
export function schemaReference(folder: string): string {
  return existsSync(join(folder, INSTALLED)) ? `./${INSTALLED}` : `./${SCHEMA_COPY}`;
}
