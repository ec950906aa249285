import type { RolloutPath } from "@edgezero/rollout";

/** Reads the header of a response that names its path; `null` where it is absent or not a path. */
export function parsePath(value: string | undefined): RolloutPath | null {
  return value === "legacy" || value === "edgezero" ? value : null;
}
