import type { Proof } from "./prove.ts";

/** The live line of a gateway that is watched: what keeps it from its proof, or that it `does` so. */
export function liveText(url: string, { instances, findings }: Proof, does: string): string {
  const seen = instances === null ? "" : ` (instances seen: ${instances})`;
  return `${url}${seen}: ${findings[0]?.message ?? does}`;
}
