import { distinctAddresses } from "../addresses.ts";
import { seededRandom } from "./random.ts";

/** Distinct addresses of one kind, as canonical text. */
export interface AddressSet {
  readonly name: string;
  readonly addresses: readonly string[];
}

/** The kinds of address sets, of `count` addresses each, at most 1,000,000. */
export function addressSets(count: number): AddressSet[] {
  const random = seededRandom(1);
  const bits16 = (): string => Math.floor(random() * 0x1_0000).toString(16);
  /** Not 0, so that the text is canonical as it is. */
  const group = (): string => bits16().replace(/^0$/, "1");
  return [
    { name: "IPv4, random", addresses: distinctAddresses(count) },
    { name: "IPv4, sequential", addresses: each(count, (i) => ipv4(0x0a00_0000 + i)) },
    { name: "IPv4, one in each /24", addresses: each(count, (i) => ipv4(0x1000_0001 + 256 * i)) },
    {
      name: "IPv6, random in one /64",
      addresses: distinct(count, () => `2001:db8:1:2:${group()}:${group()}:${group()}:${group()}`),
    },
    { name: "IPv6, sequential in one /64", addresses: each(count, (i) => ipv6Host(i + 1)) },
    {
      name: "IPv6, one in each /64",
      addresses: distinct(count, () => `2001:db8:${group()}:${group()}::1`),
    },
  ];
}

function each(count: number, address: (i: number) => string): string[] {
  return Array.from({ length: count }, (_, i) => address(i));
}

function distinct(count: number, draw: () => string): string[] {
  const addresses = new Set<string>();
  while (addresses.size < count) addresses.add(draw());
  return [...addresses];
}

function ipv4(bits: number): string {
  return [bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255].join(".");
}

function ipv6Host(host: number): string {
  const high = host >>> 16;
  const low = (host & 0xffff).toString(16);
  return high === 0 ? `2001:db8:1:2::${low}` : `2001:db8:1:2::${high.toString(16)}:${low}`;
}
