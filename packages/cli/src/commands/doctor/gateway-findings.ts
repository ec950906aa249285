import type { Survey } from "@edgezero/operations/probe/survey";
import { survey } from "@edgezero/operations/probe/survey";
import type { Reading } from "@edgezero/operations/reading";
import { readingOf } from "@edgezero/operations/reading";
import { DECISION_HEADER } from "@edgezero/rollout/attribution";
import type { Finding } from "./finding.ts";
import { bad, good, warning } from "./finding.ts";

/** The findings of one gateway; whether it agrees with the store only where `reading` is there. */
export async function gatewayFindings(
  url: string,
  probes: number,
  reading: Reading | null,
  isSigned: boolean,
): Promise<Finding[]> {
  const nothing = { edgezero_enabled: null, edgezero_rollout_pct: null };
  const found = await survey(url, probes, reading ?? (await readingOf(nothing)));
  if (found.failed === found.probes) {
    return [
      bad(url, found.fault ?? "no answer", "See that it runs, and that the url is a gateway's."),
    ];
  }
  const findings = [answering(found), detail(found), addresses(found)];
  if (found.clockSkewS !== null) {
    const message = `its clock is ${found.clockSkewS} s off this one`;
    findings.push(
      warning(url, message, "Set both clocks: times in logs and trail do not compare."),
    );
  }
  if (reading !== null) findings.push(agreement(found));
  if (!isSigned) findings.push(...unsigned(found));
  return findings;
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
    : good(
        url,
        "whether it trusts this machine's X-Forwarded-For cannot be told at this percentage",
      );
}

function agreement({ url, agrees, judgedBy }: Survey): Finding {
  if (agrees === true) return good(url, `serves what is configured, judged by ${judgedBy}`);
  return agrees === false
    ? bad(url, "does not serve what is configured", "See that it reads this store, and its log.")
    : warning(
        url,
        "whether it serves what is configured cannot be told",
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
