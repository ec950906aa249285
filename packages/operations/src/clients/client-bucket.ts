import { canonicalClientIp, clientBucket, fnv1a32 } from "@edgezero/rollout";
import { routingKey } from "@edgezero/rollout/client-ip";

/** A client's bucket, as every gateway computes it. */
export interface ClientBucket {
  /** The address as it was given. */
  readonly ip: string;
  /** The canonical text; `null` where it is no address, which counts as the empty key. */
  readonly canonical: string | null;
  /** The text that is hashed. */
  readonly key: string;
  /** FNV-1a of the key, 32 bits, unsigned. */
  readonly hash: number;
  /** 0 to 99. */
  readonly bucket: number;
  /** The lowest percentage at which it goes to EdgeZero, 1 to 100. */
  readonly edgezeroFromPct: number;
}

/** Finds a client's bucket. Total: any text has a bucket. */
export function clientBucketOf(ip: string): ClientBucket {
  const key = routingKey(ip);
  const bucket = clientBucket(ip);
  const canonical = canonicalClientIp(ip);
  return { ip, canonical, key, hash: fnv1a32(key), bucket, edgezeroFromPct: bucket + 1 };
}
