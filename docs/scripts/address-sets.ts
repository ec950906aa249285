/** Clients as a site sees them. */
export interface AddressSet {
  readonly name: string;
  readonly addresses: readonly string[];
  /** The requests of each; one unless given. */
  readonly weights?: readonly number[];
}

const COUNT = 100_000;

/** Sets of addresses with the shapes of real populations, made from fixed seeds. */
export function addressSets(): AddressSet[] {
  return [
    { name: "IPv4, random over the whole range", addresses: distinct(1, randomIpv4) },
    { name: "IPv4, one provider: two /16 blocks", addresses: distinct(2, providerIpv4) },
    { name: "IPv4, a data centre: every address of 4 /24 blocks", addresses: dataCentre() },
    {
      name: "IPv6, a household a /64, one privacy address each",
      addresses: distinct(3, householdIpv6),
    },
    {
      name: "IPv6, one /64: privacy addresses of one household",
      addresses: distinct(4, privacyIpv6),
    },
    { name: "IPv6, servers: ::1 upwards in one /64", addresses: sequentialIpv6() },
    carrierNat(),
  ];
}

/** Requests behind a carrier's NAT: few addresses, of which a few send most. */
function carrierNat(): AddressSet {
  const addresses = distinct(5, (next) => `100.64.${next() & 3}.${next() & 0xff}`, 500);
  const weights = addresses.map((_, i) => Math.round(100_000 / (i + 1)));
  return { name: "requests behind a carrier's NAT: 500 addresses, Zipf", addresses, weights };
}

function randomIpv4(next: () => number): string {
  const bits = next();
  return [bits >>> 24, (bits >>> 16) & 0xff, (bits >>> 8) & 0xff, bits & 0xff].join(".");
}

function providerIpv4(next: () => number): string {
  const bits = next();
  return `${bits & 0x1_0000 ? "84.133" : "91.12"}.${(bits >>> 8) & 0xff}.${bits & 0xff}`;
}

function dataCentre(): string[] {
  return Array.from({ length: 4 * 256 }, (_, i) => `203.0.${112 + (i >> 8)}.${i & 255}`);
}

function householdIpv6(next: () => number): string {
  return `2003:e${hex(next(), 0xff)}:${hex(next())}:${hex(next())}:${privacy(next)}`;
}

function privacyIpv6(next: () => number): string {
  return `2003:e7:af12:3400:${privacy(next)}`;
}

function privacy(next: () => number): string {
  return [next(), next(), next(), next()].map((bits) => hex(bits)).join(":");
}

function sequentialIpv6(): string[] {
  return Array.from(
    { length: COUNT },
    (_, i) => `2001:db8::${i < 65535 ? "" : "1:"}${((i + 1) & 0xffff).toString(16)}`,
  );
}

function hex(bits: number, mask = 0xffff): string {
  return ((bits >>> 8) & mask).toString(16);
}

function distinct(seed: number, address: (next: () => number) => string, count = COUNT): string[] {
  const next = xorshift32(0x2026_1123 + seed);
  const found = new Set<string>();
  while (found.size < count) found.add(address(next));
  return [...found];
}

function xorshift32(seed: number): () => number {
  let bits = seed;
  return () => {
    bits ^= bits << 13;
    bits ^= bits >>> 17;
    bits ^= bits << 5;
    return bits >>> 0;
  };
}
