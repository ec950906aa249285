import type { ProofFindingKind } from "./finding.ts";
import { proofFinding } from "./finding.ts";
import type { GatewayProof } from "./watch-gateway.ts";

/** A gateway that does one of these does not serve what the store holds. */
const DIFFERS: ReadonlySet<ProofFindingKind> = new Set([
  "other-values",
  "other-store",
  "old-values",
  "wrong-path",
  "store-unread",
]);

/** Whether a gateway serves what the store holds; `null` where the answers do not tell. */
export function agreesOf({ isProven, findings }: GatewayProof): boolean | null {
  if (findings.some(({ kind }) => DIFFERS.has(kind))) return false;
  return isProven ? true : null;
}

/** The verdict without its comparison with a store that could not be read. */
export function withoutComparison(gateway: GatewayProof): GatewayProof {
  const findings = gateway.findings.filter(
    ({ kind }) => !DIFFERS.has(kind) && kind !== "not-settled",
  );
  const { epoch } = gateway;
  if (epoch === null) return { ...gateway, findings };
  return { ...gateway, findings: [...findings, proofFinding("store-unknown", { epoch })] };
}
