import { FNV_OFFSET_BASIS, hashByte } from "./fnv1a.ts";

const DOT = 0x2e;
const ZERO = 0x30;

/**
 * The bucket of IPv4 text, 0 to 99, or -1 when `text` is not an IPv4 address.
 *
 * Nearly every request brings IPv4 text, and it is its own canonical form. It is checked and hashed
 * in one pass: the checks hide behind the latency of the hash, and nothing is allocated.
 */
export function ipv4Bucket(text: string): number {
  let hash = FNV_OFFSET_BASIS;
  let dots = 0;
  let octet = -1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const digit = code - ZERO;
    hash = hashByte(hash, code);
    if (digit >= 0 && digit <= 9 && octet !== 0) {
      octet = octet < 0 ? digit : octet * 10 + digit;
      if (octet > 255) return -1;
    } else if (code === DOT && octet >= 0) {
      dots++;
      octet = -1;
    } else {
      return -1;
    }
  }
  return dots === 3 && octet >= 0 ? (hash >>> 0) % 100 : -1;
}
