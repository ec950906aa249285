import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the Worker. */
export const WORKER_APP: string = fileURLToPath(
  new URL("../../../../apps/cloudflare/", import.meta.url),
);

/** The built Worker, one module. */
export const WORKER_BUNDLE: string = join(WORKER_APP, "dist/main.js");

/** The name of the Worker's binding of KV. */
export const KV_BINDING = "TRUSTED_SERVER_CONFIG";

/** The day whose workerd the Worker is written for, from its `wrangler.jsonc`. */
export const COMPATIBILITY_DATE: string = compatibilityDate();

function compatibilityDate(): string {
  const config = readFileSync(join(WORKER_APP, "wrangler.jsonc"), "utf8");
  const [, date] = /"compatibility_date": "(\d{4}-\d\d-\d\d)"/.exec(config) ?? [];
  if (date === undefined) throw new Error("wrangler.jsonc has no compatibility_date");
  return date;
}
