import { createHash } from "node:crypto";
import { join } from "node:path";
import { redact } from "@edgezero/stores/redact";
import { auditStem, fileLocation } from "@edgezero/stores/file/location";

/** The files of one audit trail. */
export interface TrailFiles {
  /** The entries, a JSON object a line. */
  readonly trail: string;
  /** The number of entries and the hash of the last one. */
  readonly head: string;
  /** Held for the moment of an append. */
  readonly appending: string;
  /** What the names of all these files begin with. */
  readonly stem: string;
}

/** The files that belong to a trail at `path`. */
export function trailFilesAt(path: string): TrailFiles {
  const stem = path.replace(/\.jsonl$/, "");
  return {
    trail: path,
    head: `${stem}.head`,
    appending: `${stem}.appending`,
    stem,
  };
}

/**
 * Where the trail of a store lies: beside the file for a file, else in `.edgezero` in the project's
 * folder, under the name of the store.
 */
export function defaultTrailPath(storeUrl: string, projectFolder: string): string {
  if (storeUrl.startsWith("file:")) {
    return `${auditStem(fileLocation(storeUrl, projectFolder))}.jsonl`;
  }
  const location = redact(storeUrl);
  const name = location
    .replace(/[^a-z\d]+/gi, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 60);
  // Two stores whose names differ in other characters only must not share a trail.
  const hash = createHash("sha256").update(location).digest("hex").slice(0, 8);
  return join(projectFolder, ".edgezero", `${name}-${hash}.audit.jsonl`);
}
