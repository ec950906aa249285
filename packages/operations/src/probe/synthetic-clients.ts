import type { RolloutState } from "@edgezero/rollout";
import { decide } from "@edgezero/rollout";

/** One per cent is enough to have buckets decide. */
const BY_BUCKET: RolloutState = { enabled: true, rolloutPct: 50, reason: "bucket", epoch: "" };

/** The bucket of a client, 0 to 99; text that is not an address has that of the empty key. */
export function bucketOf(clientIp: string): number {
  return decide(BY_BUCKET, clientIp).bucket ?? 0;
}

/** An address that no real client has, and its bucket. */
export interface SyntheticClient {
  readonly ip: string;
  readonly bucket: number;
}

/**
 * Distinct addresses of 198.18.0.0/15, which is set aside for benchmarks (RFC 2544), without end:
 * it begins anew after 131,072.
 */
export function* syntheticClients(): Generator<SyntheticClient, never> {
  for (let i = 0; ; i = (i + 1) % 2 ** 17) {
    const ip = `198.${18 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`;
    yield { ip, bucket: bucketOf(ip) };
  }
}

/** `count` clients, evenly spread: the first hundred has one of each bucket, and so on. */
export function spreadClients(count: number): SyntheticClient[] {
  const perBucket = new Map<number, number>();
  const limit = Math.ceil(count / 100);
  const found: SyntheticClient[] = [];
  for (const client of syntheticClients()) {
    const known = perBucket.get(client.bucket) ?? 0;
    if (known === limit) continue;
    perBucket.set(client.bucket, known + 1);
    found.push(client);
    if (found.length === limit * 100) break;
  }
  return found.slice(0, count);
}

/** Clients of bucket 0: the first to go to EdgeZero, and the last to leave it. Found one by one. */
export function* firstClients(): Generator<SyntheticClient, never> {
  for (const client of syntheticClients()) {
    if (client.bucket === 0) yield client;
  }
  throw new Error("there are always more");
}
