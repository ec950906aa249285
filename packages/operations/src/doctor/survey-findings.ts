import type { Survey } from "../probe/survey.ts";
import { isShown, survey } from "../probe/survey.ts";
import type { Reading } from "../reading.ts";
import { readingOf } from "../reading.ts";
import { DECISION_HEADER } from "@edgezero/rollout/attribution";
import { NO_VALUES } from "@edgezero/stores/stored-values";
import type { Finding } from "./finding.ts";
import { bad, good, warning } from "./finding.ts";

const NO_ANSWER =
  "See that it runs, and that the url is a gateway's. With PATH_HEADER=never it answers signed probes alone.";

/**
 * The findings of one gateway by ordinary requests, which prove less than signed probes. Whether it
 * agrees with the store is among them only where `reading` is there.
 */
export async function surveyFindings(
  url: string,
  probes: number,
  reading: Reading | null,
  isSigned: boolean,
): Promise<Finding[]> {
  const found = await survey(url, probes, reading ?? (await readingOf(NO_VALUES)));
  if (found.failed === found.probes) {
    return [bad(url, found.fault ?? "no answer", NO_ANSWER)];
  }
  const findings = [answering(found), detail(found), addresses(found)];
  findings.push(...clockFindings(url, found.clockSkewS));
  if (reading !== null) findings.push(agreement(found));
  if (!isSigned) findings.push(...unsigned(found));
  return findings;
}

/** Says that a gateway's clock is off by that many seconds, if it is not `null`. */
export function clockFindings(url: string, skewS: number | null): Finding[] {
  if (skewS === null) return [];
  const todo = "Set both clocks: times in logs and trail do not compare.";
  return [warning(url, `its clock is ${skewS} s off this one`, todo)];
}

function answering({ url, failed, probes, fault }: Survey): Finding {
  return failed === 0
    ? good(url, `answers as a gateway: ${probes} of ${probes}`)
    : bad(url, `${failed} of ${probes} probes failed: ${fault}`, "See its log.");
}

function detail({ url, epochs }: Survey): Finding {
  return Object.keys(epochs).length > 0
    ? good(url, "says by which values it decides")
    : warning(
        url,
        `sends no ${DECISION_HEADER}, so that only paths can be compared`,
        "Start it with ATTRIBUTION=detail for as long as the rollout lasts.",
      );
}

function addresses({ url, forwardedForHonoured, ownBucket }: Survey): Finding {
  if (forwardedForHonoured === "yes") return good(url, "trusts this machine's X-Forwarded-For");
  const bucket = ownBucket === null ? "" : ` (bucket ${ownBucket})`;
  return forwardedForHonoured === "no"
    ? warning(
        url,
        `takes all probes for one client${bucket}, so that the share cannot be measured from here`,
        "Probe from a machine that it trusts (TRUST_PROXY).",
      )
    : good(url, "cannot tell at this percentage whether it trusts this machine's X-Forwarded-For");
}

function agreement(found: Survey): Finding {
  const { url, agrees, judgedBy } = found;
  if (isShown(found)) return good(url, `serves what is configured, judged by ${judgedBy}`);
  const why = agrees === true ? ": other values can give the same paths" : "";
  return agrees === false
    ? bad(url, "does not serve what is configured", "See that it reads this store, and its log.")
    : warning(
        url,
        `cannot tell whether it serves the configured values${why}`,
        "Start it with ATTRIBUTION=detail, and probe from a machine that it trusts.",
      );
}

/** Says why no rollback could be proven by ordinary responses. */
function unsigned({ url, epochs, forwardedForHonoured }: Survey): Finding[] {
  if (Object.keys(epochs).length > 0 && forwardedForHonoured === "yes") return [];
  return [
    warning(
      url,
      "a rollback could not be proven: probes are not signed, and its responses do not tell enough",
      "Set PROBE_SECRET there, and the same in EDGEZERO_PROBE_SECRET here.",
    ),
  ];
}
