import type { Outcome, Output } from "../output/output.ts";
import type { Survey } from "@edgezero/operations/probe/survey";
import { survey } from "@edgezero/operations/probe/survey";
import type { Reading } from "@edgezero/operations/reading";

/** Surveys every gateway, one after the other, with a live line. */
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

/** Whether all gateways serve what is configured; `null` when that cannot be told. */
export function allAgree(surveys: readonly Survey[]): boolean | null {
  if (surveys.some(({ agrees }) => agrees === false)) return false;
  return surveys.length > 0 && surveys.every(({ agrees }) => agrees === true) ? true : null;
}

/** The surveys as a part of an outcome. */
export function servedOutcome(
  { paint }: Output,
  surveys: readonly Survey[],
  reading: Reading,
): Pick<Outcome, "text" | "document"> {
  const lines = surveys.flatMap((each) => [
    `${paint.strong(each.url)}: ${verdict(each, paint)}`,
    ...facts(each, reading).map((fact) => `  ${fact}`),
  ]);
  return { text: lines.join("\n"), document: { served: surveys, agree: allAgree(surveys) } };
}

function verdict({ agrees, judgedBy }: Survey, paint: Output["paint"]): string {
  if (agrees === null) return paint.warn("whether it serves what is configured cannot be told");
  return agrees
    ? paint.good(`serves what is configured (judged by ${judgedBy})`)
    : paint.loud(`DOES NOT SERVE WHAT IS CONFIGURED (judged by ${judgedBy})`);
}

function facts(found: Survey, { state }: Reading): string[] {
  const { probes, edgezero, legacy, failed, fault, forwardedForHonoured, ownBucket } = found;
  const lines = [
    `${probes} probes: ${edgezero} from EdgeZero, ${legacy} from legacy, ${failed} failed`,
  ];
  if (fault !== null) lines.push(`the first failure: ${fault}`);
  if (failed === probes) return lines;
  if (found.sharePct !== null) {
    lines.push(`share: ${found.sharePct.toFixed(0)}% (configured: ${state.rolloutPct}%)`);
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
  const others = Object.entries(found.epochs).filter(([epoch]) => epoch !== state.epoch);
  for (const [epoch, count] of others) {
    lines.push(`${count} responses go by other values: epoch ${epoch}, not ${state.epoch}`);
  }
  if (found.clockSkewS !== null) lines.push(`its clock is ${found.clockSkewS} s off this one`);
  return lines;
}
