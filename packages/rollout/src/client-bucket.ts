import { routingKey } from "./client-ip.ts";
import { fnv1aBucket } from "./fnv1a.ts";
import { ipv4Bucket } from "./ipv4-bucket.ts";

/**
 * The bucket of a client, by its address.
 *
 * Every spelling of an address has one bucket. Total: `null`, `undefined` and text that is not an
 * address have the bucket of the empty key, 61.
 *
 * @returns An integer, 0 to 99. The client is on EdgeZero where this is below the percentage.
 */
export function clientBucket(clientIp: string | null | undefined): number {
  const ipv4 = typeof clientIp === "string" ? ipv4Bucket(clientIp) : -1;
  return ipv4 < 0 ? fnv1aBucket(routingKey(clientIp)) : ipv4;
}
