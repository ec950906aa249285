import type { Target } from "@edgezero/config";
import type { Reading } from "@edgezero/operations/reading";
import { gatewayDocument } from "@edgezero/operations/proof/gateway-text";
import { weakestEvidence } from "@edgezero/operations/rollback/report";
import { CliError } from "../../cli-error.ts";
import type { Outcome, Output } from "../../output/output.ts";
import type { GatewayOptions, Gateways } from "../gateways.ts";
import { usableGatewaysOf } from "../gateways.ts";
import { gatewayLines } from "../gateway-text.ts";
import { watchGateways } from "../watch-gateways.ts";

/**
 * The gateways that must serve a change before the command ends; `null` where it does not wait.
 *
 * @throws CliError where it is to wait and no gateway is named.
 */
export function awaitedGateways(
  output: Output,
  options: GatewayOptions & { readonly wait?: boolean | undefined },
  target: Target,
): Gateways | null {
  if (options.wait !== true && options.url.length === 0) return null;
  const gateways = usableGatewaysOf(output, options, target);
  if (gateways.urls.length > 0) return gateways;
  throw new CliError("usage", "--wait needs a gateway", {
    hint: "Nothing was written. Name it by --url, or in the config file's urls.",
  });
}

/** Waits until all instances seen serve the values; adds what was seen to the outcome. */
export async function servedOutcome(
  output: Output,
  outcome: Outcome,
  gateways: Gateways | null,
  { state }: Reading,
  timeoutS: number,
): Promise<Outcome> {
  if (gateways === null) return outcome;
  const { good, loud } = output.paint;
  const claim = { state, since: performance.now(), follows: null };
  const found = await watchGateways(output, gateways, claim, 1000 * timeoutS);
  const first = found.find(({ isProven }) => !isProven);
  const why = first === undefined ? "" : `${first.url}: ${first.findings[0]?.message ?? ""}`;
  const headline =
    first === undefined
      ? good("Every instance seen serves it.")
      : loud(`The store holds it. NOT seen to be served: ${why}`);
  const lines = found.flatMap((each) => gatewayLines(each, "serves it", output.paint));
  return {
    ...outcome,
    ...(first !== undefined && { exit: "unverified", fault: `not seen to be served: ${why}` }),
    text: [outcome.text, headline, ...lines].join("\n"),
    document: {
      ...outcome.document,
      isServed: first === undefined,
      ...weakestEvidence(found),
      served: found.map(gatewayDocument),
    },
  };
}
