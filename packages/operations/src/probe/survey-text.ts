import type { Reading } from "../reading.ts";
import type { Survey } from "./survey.ts";

/** What a gateway serves, where the store could not be read. */
export function servedText({ epochs }: Survey): string {
  const served = Object.keys(epochs).join(", ") || "not named";
  return `serves epoch ${served}; the store could not be read, so nobody can say whether that is right`;
}

/**
 * The facts of a survey in lines, without its verdict.
 *
 * @param reading The store's values; `null` where they could not be read.
 */
export function surveyFacts(found: Survey, reading: Reading | null): string[] {
  const { probes, edgezero, legacy, failed, fault, forwardedForHonoured, ownBucket } = found;
  const lines = [
    `${probes} probes: ${edgezero} from EdgeZero, ${legacy} from legacy, ${failed} failed`,
  ];
  if (fault !== null) lines.push(`the first fault: ${fault}`);
  if (failed === probes) return lines;
  if (found.sharePct !== null) {
    const configured = reading === null ? "" : ` (configured: ${reading.state.rolloutPct}%)`;
    lines.push(`share: ${found.sharePct.toFixed(0)}%${configured}`);
  }
  if (forwardedForHonoured === "no") {
    const bucket = ownBucket === null ? "" : `: bucket ${ownBucket}`;
    lines.push(
      `all probes are one client${bucket}; the share cannot be measured from here: the gateway does not trust this machine's X-Forwarded-For (see TRUST_PROXY in its README)`,
    );
  } else if (forwardedForHonoured === "unknown" && found.judgedBy !== "epoch") {
    lines.push(
      "nothing tells whether the probes count as different clients: start the gateway with ATTRIBUTION=detail and TRUST_PROXY to be certain",
    );
  }
  const epoch = reading?.state.epoch ?? null;
  const others = Object.entries(found.epochs).filter(([each]) => epoch !== null && each !== epoch);
  for (const [other, count] of others) {
    lines.push(`${count} responses go by other values: epoch ${other}, not ${epoch}`);
  }
  if (found.clockSkewS !== null) lines.push(`its clock is ${found.clockSkewS} s off this one`);
  return lines;
}
