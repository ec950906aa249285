import type { Survey } from "@edgezero/operations/probe/survey";
import { allAgree, isShown, survey } from "@edgezero/operations/probe/survey";
import { servedText, surveyFacts } from "@edgezero/operations/probe/survey-text";
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
    ...surveyFacts(each, reading).map((fact) => `  ${fact}`),
  ]);
  if (instances !== null) {
    lines.push("Instances can be counted by signed probes alone: set PROBE_SECRET.");
  }
  const judged = reading === null ? null : allAgree(surveys);
  const agree = judged === true && instances !== null ? null : judged;
  return { agree, text: lines.join("\n"), document: { served: surveys, agree } };
}

function verdict(found: Survey, paint: Output["paint"]): string {
  const { agrees, judgedBy } = found;
  if (agrees === false) {
    return paint.loud(`DOES NOT SERVE WHAT IS CONFIGURED (judged by ${judgedBy})`);
  }
  if (isShown(found)) return paint.good(`serves what is configured (judged by ${judgedBy})`);
  const why =
    agrees === null ? "" : ": its paths are right, but other values can give the same paths";
  return paint.warn(`cannot tell whether it serves the configured values${why}`);
}
