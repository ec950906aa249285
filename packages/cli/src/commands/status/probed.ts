import { proofFinding } from "@edgezero/operations/proof/finding";
import type { ProofFindingKind } from "@edgezero/operations/proof/finding";
import type { GatewayProof } from "@edgezero/operations/proof/watch-gateway";
import type { Reading } from "@edgezero/operations/reading";
import type { Outcome, Output } from "../../output/output.ts";
import type { Gateways } from "../gateways.ts";
import { gatewayDocument, gatewayLines, openIn } from "../gateway-text.ts";
import { watchGateways } from "../watch-gateways.ts";

const LIMIT_MS = 10_000;
/** Without values to compare, a look is over after this time. */
const LOOK_MS = 1500;

/** What a gateway does at last, where it is not what the store holds. */
const DIFFERS: ReadonlySet<ProofFindingKind> = new Set([
  "other-values",
  "other-store",
  "old-values",
  "wrong-path",
  "store-unread",
]);

/** What gateways serve, by signed probes. `reading` is `null` where the store could not be read. */
export interface Probed extends Pick<Outcome, "text" | "document"> {
  /** Whether all serve what is configured; `null` where the answers do not tell. */
  readonly agree: boolean | null;
}

/** Asks all gateways by signed probes what they serve. */
export async function probeAll(
  output: Output,
  gateways: Gateways,
  reading: Reading | null,
): Promise<Probed> {
  const claim = { state: (reading ?? NOTHING).state, since: -Infinity, follows: null };
  const limitMs = reading === null ? LOOK_MS : LIMIT_MS;
  const found = await watchGateways(output, gateways, claim, limitMs);
  const shown = reading === null ? found.map(withoutComparison) : found;
  const agrees = shown.map(agreesOf);
  const agree = agrees.includes(false) ? false : agrees.every(Boolean) || null;
  return {
    agree,
    text: shown
      .flatMap((each) => gatewayLines(each, "serves what is configured", output.paint))
      .join("\n"),
    document: {
      served: shown.map((each, i) => ({ ...gatewayDocument(each), agrees: agrees[i] ?? null })),
      agree,
      openAtEdgezero: openIn(shown),
    },
  };
}

const NOTHING = {
  state: { enabled: false, rolloutPct: 0, reason: "disabled", epoch: "" },
} as const;

/** The same without what was said of a store that could not be read. */
function withoutComparison(gateway: GatewayProof): GatewayProof {
  const findings = gateway.findings.filter(
    ({ kind }) => !DIFFERS.has(kind) && kind !== "not-settled",
  );
  const { epoch } = gateway;
  if (epoch === null) return { ...gateway, findings };
  return { ...gateway, findings: [...findings, proofFinding("store-unknown", { epoch })] };
}

function agreesOf({ isProven, findings }: GatewayProof): boolean | null {
  if (findings.some(({ kind }) => DIFFERS.has(kind))) return false;
  return isProven ? true : null;
}
