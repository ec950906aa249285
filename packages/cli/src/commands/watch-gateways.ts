import type { Claim } from "@edgezero/operations/proof/claim";
import type { Proof } from "@edgezero/operations/proof/prove";
import type { GatewayProof } from "@edgezero/operations/proof/watch-gateway";
import { watchGateway } from "@edgezero/operations/proof/watch-gateway";
import type { Output } from "../output/output.ts";
import type { Gateways } from "./gateways.ts";

/** Watches all gateways at once until each serves the claim or the time is up, with a live line. */
export async function watchGateways(
  output: Output,
  { urls, secret, means }: Gateways,
  claim: Claim,
  timeoutMs: number,
): Promise<GatewayProof[]> {
  const progress = output.progress("probing");
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once("SIGINT", end);
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(timeoutMs)]);
  const known = Promise.resolve(claim);
  try {
    return await Promise.all(
      urls.map(async (url) =>
        watchGateway({
          url,
          secret,
          means,
          claim: known,
          signal,
          onProof: (proof) => progress.update(liveText(url, proof)),
        }),
      ),
    );
  } finally {
    process.off("SIGINT", end);
    progress.stop();
  }
}

function liveText(url: string, { instances, findings }: Proof): string {
  const seen = instances === null ? "" : ` (instances seen: ${instances})`;
  return `${url}${seen}: ${findings[0]?.message ?? "serves it"}`;
}
