import { STORE_KINDS } from "@edgezero/stores/store-kinds";
import { table } from "../markdown.ts";

/** How long a change takes to reach every gateway, of each store. */
export function propagationSection(): string {
  const rows = STORE_KINDS.map(({ name, propagation: { ms, text } }) => [
    name,
    ms === null ? "not stated" : `${ms / 1000} s`,
    text,
  ]);
  return table(["platform", "counted on", "how long a change takes"], rows);
}
