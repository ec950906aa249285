import { signedClockSkew } from "../probe/clock-skew.ts";
import type { GatewayProof } from "../proof/watch-gateway.ts";
import type { Reading } from "../reading.ts";
import type { Finding } from "./finding.ts";
import { bad, good, warning } from "./finding.ts";
import { clockFindings, surveyFindings } from "./survey-findings.ts";

const CHECK = "proof";

/** The gateways that are examined, and the secret by which probes to them are signed. */
export interface ProbedGateways {
  readonly urls: readonly string[];
  /** `null`: probes cannot be signed. */
  readonly secret: string | null;
  /** What is wrong with the secret, if anything. */
  readonly secretFinding: string | null;
}

/** Says why no rollback could be proven here, for a reason that lies on this side. */
export function secretFindings({ urls, secret, secretFinding }: ProbedGateways): Finding[] {
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

/** One gateway, and how it is asked. */
export interface ExaminedGateway {
  readonly url: string;
  /** The verdict of signed probes; `null` where there are no such probes. */
  readonly proof: GatewayProof | null;
  readonly reading: Reading | null;
  /** Ordinary requests to send where signed probes are not answered. */
  readonly probes: number;
  readonly secret: string | null;
}

/**
 * The findings of one gateway. One that answers signed probes gets no ordinary request: those reach the
 * origins, and say less.
 */
export async function gatewayFindings(gateway: ExaminedGateway): Promise<Finding[]> {
  const { url, proof, reading, probes, secret } = gateway;
  if (proof === null || secret === null) {
    return surveyFindings(url, probes, reading, secret !== null);
  }
  const proven = provenFindings(proof);
  if (proof.judgedBy === "probe") {
    return [...clockFindings(url, await signedClockSkew({ url, secret })), ...proven];
  }
  if (proof.findings.some(({ kind }) => kind === "no-answer")) return proven;
  return [...(await surveyFindings(url, probes, reading, true)), ...proven];
}

function provenFindings({ url, findings, instances, places }: GatewayProof): Finding[] {
  if (findings.length > 0) return findings.map(({ message, todo }) => bad(url, message, todo));
  const isOne = instances === 1;
  const who =
    instances === null
      ? `places: ${places.join(", ") || "not named"}; others are unseen`
      : `${instances} ${isOne ? "instance" : "instances"}`;
  return [good(url, `answers signed probes (${who}), by the values of this store`)];
}
