import { web } from "./web.ts";

/**
 * The hash of no bytes, as a signed integer: started with the unsigned one, which V8 keeps as a
 * double, an IPv4 address takes a tenth longer to hash and check.
 */
export const FNV_OFFSET_BASIS: number = 0x811c9dc5 | 0;

/**
 * 32-bit FNV-1a over the UTF-8 bytes of `key`. Allocates nothing for ASCII keys.
 *
 * A lone surrogate, which UTF-8 cannot express, counts as U+FFFD.
 *
 * @returns An unsigned integer, 0 to 4294967295. The empty key gives the offset basis, 2166136261.
 * @see https://www.rfc-editor.org/rfc/rfc9923
 */
export function fnv1a32(key: string): number {
  let hash = FNV_OFFSET_BASIS;
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i);
    if (code > 0x7f)
      return new web.TextEncoder().encode(key).reduce(hashByte, FNV_OFFSET_BASIS) >>> 0;
    hash = hashByte(hash, code);
  }
  return hash >>> 0;
}

/** One step of FNV-1a. The hash stays a signed integer, the fastest kind, until the last step. */
export function hashByte(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193);
}

/**
 * The bucket of a routing key: `fnv1a32(key) % 100`.
 *
 * @returns An integer, 0 to 99. The empty key's bucket is 61.
 */
export function fnv1aBucket(key: string): number {
  return fnv1a32(key) % 100;
}

/**
 * Whether a client in `bucket` goes to EdgeZero: `bucket < rolloutPct`.
 *
 * @param bucket 0 to 99, from {@link fnv1aBucket}.
 * @param rolloutPct 0 to 100. At 0 no bucket goes to EdgeZero, at 100 every bucket does.
 */
export function routesToEdgezero(bucket: number, rolloutPct: number): boolean {
  return bucket < rolloutPct;
}
