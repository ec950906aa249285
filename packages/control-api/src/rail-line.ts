import { spanText } from "@edgezero/progression/explain";
import type { EnvironmentView, RailStage } from "./environment-view.ts";

/**
 * The stages of the plan in one line: `1% ✓ · [10% 1 h 20 m of 2 h] · 50% (approval) · 100%`. Pure.
 */
export function railLine({ rail }: Pick<EnvironmentView, "rail">): string {
  return rail.map(stageText).join(" · ");
}

function stageText({ pct, status, holdMs, heldMs, approval }: RailStage): string {
  const open = approval === "needed" ? " (approval)" : approval === "given" ? " (approved)" : "";
  if (status === "passed") return `${pct}% ✓`;
  if (status === "ahead") return `${pct}%${open}`;
  return `[${pct}% ${spanText(heldMs ?? 0)} of ${spanText(holdMs)}${open}]`;
}
