import type { Claim } from "@edgezero/operations/proof/claim";
import type { GatewayProof } from "@edgezero/operations/proof/watch-gateway";
import { watchGateways as watchAll } from "@edgezero/operations/proof/watch-gateways";
import type { Output } from "../output/output.ts";
import type { Gateways } from "./gateways.ts";
import { liveText } from "@edgezero/operations/proof/live-text";

/** Watches all gateways until each serves the claim or the time is up, with a live line. Control-C ends it. */
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
  try {
    return await watchAll({
      urls,
      secret,
      means,
      claim: Promise.resolve(claim),
      signal,
      onProof: (url, proof) => progress.update(liveText(url, proof, "serves it")),
    });
  } finally {
    process.off("SIGINT", end);
    progress.stop();
  }
}
