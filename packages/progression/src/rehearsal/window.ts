import type { EvidenceWindow, PathCounts } from "../reducer/index.ts";

/** Gateways of a site that is made up. */
export const GATEWAYS = 2;

/** A window of evidence in which all decisions were made under one epoch. */
export function windowUnder(
  epoch: string,
  span: { readonly from: number; readonly to: number },
  canary: PathCounts,
  control: PathCounts,
  instances: number | null = GATEWAYS,
): EvidenceWindow {
  const decisions = { [epoch]: canary.requests + control.requests };
  return { ...span, canary, control, decisions, instances };
}
