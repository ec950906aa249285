import type { GatewayProof } from "@edgezero/operations/proof/watch-gateway";
import type { Reading } from "@edgezero/operations/reading";
import type { Output } from "../../output/output.ts";
import type { Gateways } from "../gateways.ts";
import { watchGateways } from "../watch-gateways.ts";
import type { Finding } from "./finding.ts";
import { bad, good, warning } from "./finding.ts";

const CHECK = "proof";
const LIMIT_MS = 10_000;

/** Says why no rollback could be proven here, for a reason that lies on this side. */
export function secretFindings({ urls, secret, secretFinding }: Gateways): Finding[] {
  if (secretFinding !== null) {
    const todo = "Set it to the gateways' PROBE_SECRET, of at least 32 characters.";
    return [bad(CHECK, `no probe can be signed: ${secretFinding}`, todo)];
  }
  if (urls.length === 0) {
    const todo = "Name each by --url, or in the config file's urls.";
    return [warning(CHECK, "no gateway is named: a rollback could not be proven", todo)];
  }
  return secret === null ? [] : [good(CHECK, "probes are signed")];
}

/** Says of each gateway why a rollback could not be proven by signed probes, or that it could. */
export async function proofFindings(
  output: Output,
  gateways: Gateways,
  reading: Reading | null,
): Promise<Finding[]> {
  if (gateways.secret === null || reading === null) return [];
  const claim = { state: reading.state, since: -Infinity, follows: null };
  const found = await watchGateways(output, gateways, claim, LIMIT_MS);
  return found.flatMap((each) => findingsOf(each));
}

function findingsOf({ url, findings, instances, places }: GatewayProof): Finding[] {
  if (findings.length > 0) return findings.map(({ message, todo }) => bad(url, message, todo));
  const isOne = instances === 1;
  const who =
    instances === null
      ? `places: ${places.join(", ") || "not named"}; others are unseen`
      : `${instances} ${isOne ? "instance" : "instances"}`;
  return [good(url, `answers signed probes (${who}), by the values of this store`)];
}
