import { clientBucket } from "@edgezero/rollout";

/** An address that no real client has, with its bucket. */
export interface SyntheticClient {
  readonly ip: string;
  readonly bucket: number;
}

/**
 * Addresses of 198.18.0.0/15, which is set aside for benchmarks (RFC 2544). Endless: the 131,072
 * addresses repeat.
 */
export function* syntheticClients(): Generator<SyntheticClient, never> {
  for (let i = 0; ; i = (i + 1) % 2 ** 17) {
    const ip = `198.${18 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`;
    yield { ip, bucket: clientBucket(ip) };
  }
}

/** `count` clients, evenly spread: each hundred of them has one client of each bucket. */
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

/** Gives a client of a bucket, another each time. They are found as they are needed. */
export function clientsByBucket(): (bucket: number) => SyntheticClient {
  const clients = syntheticClients();
  const spare = new Map<number, SyntheticClient[]>();
  return (bucket) => {
    const known = spare.get(bucket)?.shift();
    if (known !== undefined) return known;
    for (;;) {
      const client = clients.next().value;
      if (client.bucket === bucket) return client;
      spare.set(client.bucket, [...(spare.get(client.bucket) ?? []), client]);
    }
  };
}
