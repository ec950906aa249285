import { createHmac } from "node:crypto";

/** Maps a text to an unsigned 32-bit integer. */
export type SaltedHash = (text: string) => number;

const FNV_PRIME = 0x01000193;

/** Two random 32-bit words. */
export type Salt = readonly [number, number];

/** A salt that nothing else has. */
export function randomSalt(): Salt {
  const [start = 0, end = 0] = crypto.getRandomValues(new Uint32Array(2));
  return [start, end];
}

/** The salt of a number under a seed, so that all who have the seed have the same salts. */
export function saltOf(seed: Uint8Array, number: number): Salt {
  const bytes = createHmac("sha256", seed).update(String(number)).digest();
  return [bytes.readUInt32LE(0), bytes.readUInt32LE(4)];
}

/**
 * Makes a hash with a salt, a random one unless given: without the salt, a hash tells nothing of its
 * text, and a client cannot choose addresses whose hashes agree.
 *
 * FNV-1a from a random start, then the finalizer of MurmurHash3: FNV-1a alone would not do. All clients
 * of a path have buckets in common, which are FNV-1a as well.
 */
export function createSaltedHash([start, end]: Salt = randomSalt()): SaltedHash {
  return (text) => {
    let hash = start;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
    return finalized(hash ^ end);
  };
}

/** `fmix32` of MurmurHash3: each bit of the result depends on each bit of the number. */
function finalized(number: number): number {
  let hash = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
