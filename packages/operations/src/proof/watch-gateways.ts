import type { Proof } from "./prove.ts";
import type { GatewayProof, WatchOptions } from "./watch-gateway.ts";
import { watchGateway } from "./watch-gateway.ts";

/** Settings of {@link watchGateways}. */
export interface WatchAllOptions extends Omit<WatchOptions, "url" | "onFirst" | "onProof"> {
  readonly urls: readonly string[];
  /** Hears of a gateway's verdict so far, after each answer. */
  readonly onProof?: ((url: string, proof: Proof) => void) | undefined;
}

/** Watches all gateways at once until each has proven the claim, or cannot. Never rejects. */
export async function watchGateways({
  urls,
  onProof,
  ...options
}: WatchAllOptions): Promise<GatewayProof[]> {
  return Promise.all(
    urls.map(async (url) =>
      watchGateway({ ...options, url, onProof: (proof) => onProof?.(url, proof) }),
    ),
  );
}
