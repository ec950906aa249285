import { agreesOf, withoutComparison } from "@edgezero/operations/proof/agreement";
import { standingClaim } from "@edgezero/operations/proof/claim";
import { gatewayDocument, openIn } from "@edgezero/operations/proof/gateway-text";
import type { Reading } from "@edgezero/operations/reading";
import type { Outcome, Output } from "../../output/output.ts";
import type { Gateways } from "../gateways.ts";
import { gatewayLines } from "../gateway-text.ts";
import { watchGateways } from "../watch-gateways.ts";

const LIMIT_MS = 10_000;
/** Without values to compare, a look is over after this time. */
const LOOK_MS = 1500;

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
  const claim = standingClaim((reading ?? NOTHING).state);
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
