import type { Survey } from "@edgezero/operations/probe/survey";
import { survey } from "@edgezero/operations/probe/survey";
import type { Reading } from "@edgezero/operations/reading";
import type { Output } from "../../output/output.ts";
import type { Probed } from "./probed.ts";

/** Surveys the gateways one after the other, with a live line. */
export async function surveyAll(
  output: Output,
  urls: readonly string[],
  probes: number,
  reading: Reading,
): Promise<Survey[]> {
  const progress = output.progress("probing");
  const surveys: Survey[] = [];
  try {
    for (const url of urls) {
      progress.update(`probing ${url}`);
      surveys.push(await survey(url, probes, reading));
    }
    return surveys;
  } finally {
    progress.stop();
  }
}

/**
 * Whether all gateways were seen to serve the configured values; `null` where the answers do not tell.
 * Paths that are as they should be are no proof: another store can lead to them too.
 */
export function allAgree(surveys: readonly Survey[]): boolean | null {
  if (surveys.some(({ agrees }) => agrees === false)) return false;
  return surveys.length > 0 && surveys.every(isShown) ? true : null;
}

function isShown({ agrees, judgedBy }: Survey): boolean {
  return agrees === true && judgedBy === "epoch";
}

/**
 * The surveys as a part of an outcome.
 *
 * @param reading The store's values; `null` where they could not be read.
 * @param instances How many instances must be seen, which surveys cannot tell; or `null`.
 */
export function servedOutcome(
  { paint }: Output,
  surveys: readonly Survey[],
  reading: Reading | null,
  instances: number | null,
): Probed {
  const lines = surveys.flatMap((each) => [
    `${paint.strong(each.url)}: ${reading === null ? servedText(each) : verdict(each, paint)}`,
    ...facts(each, reading).map((fact) => `  ${fact}`),
  ]);
  if (instances !== null) {
    lines.push("Instances can be counted by signed probes alone: set PROBE_SECRET.");
  }
  const judged = reading === null ? null : allAgree(surveys);
  const agree = judged === true && instances !== null ? null : judged;
  return { agree, text: lines.join("\n"), document: { served: surveys, agree } };
}

function servedText({ epochs }: Survey): string {
  const served = Object.keys(epochs).join(", ") || "not named";
  return `serves epoch ${served}; the store could not be read, so nobody can say whether that is right`;
}

function verdict(found: Survey, paint: Output["paint"]): string {
  const { agrees, judgedBy } = found;
  if (agrees === false) {
    return paint.loud(`DOES NOT SERVE WHAT IS CONFIGURED (judged by ${judgedBy})`);
  }
  if (isShown(found)) return paint.good(`serves what is configured (judged by ${judgedBy})`);
  const why =
    agrees === null ? "" : ": its paths are as they should be, which other values may lead to";
  return paint.warn(`whether it serves what is configured cannot be told${why}`);
}

function facts(found: Survey, reading: Reading | null): string[] {
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
