import { createHash } from "node:crypto";
import { join } from "node:path";
import { auditStem, fileLocation, isFileUrl } from "@edgezero/stores/file/location";
import { redact } from "@edgezero/stores/redact";

/**
 * The path of a store's trail where the config file does not name one: beside a file store's file,
 * else in `.edgezero` in the project's folder, under the name of the store.
 */
export function defaultTrailPath(storeUrl: string, projectFolder: string): string {
  if (isFileUrl(storeUrl)) {
    return `${auditStem(fileLocation(storeUrl, projectFolder))}.jsonl`;
  }
  const location = redact(storeUrl);
  const name = location
    .replace(/[^a-z\d]+/gi, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 60);
  // Two stores whose names differ only in other characters must not share a trail.
  const hash = createHash("sha256").update(location).digest("hex").slice(0, 8);
  return join(projectFolder, ".edgezero", `${name}-${hash}.audit.jsonl`);
}
