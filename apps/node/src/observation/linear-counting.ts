/** Bits of a bitmap. Its memory is 8 KiB. */
const BITS = 65_536;
const WORDS = BITS / 32;
/** The largest estimate, of a bitmap in which every bit is set. */
export const MOST_COUNTED: number = Math.round(BITS * Math.log(BITS));

/** One bit for each of 65,536 groups of hashes: set where a hash of that group was added. */
export type Bitmap = Uint32Array;

/** Creates a bitmap without any hash. */
export function createBitmap(): Bitmap {
  return new Uint32Array(WORDS);
}

/** Adds an unsigned 32-bit hash. Adding it again changes nothing. */
export function addHash(bitmap: Bitmap, hash: number): void {
  const bit = hash % BITS;
  bitmap[bit >>> 5] = (bitmap[bit >>> 5] as number) | (1 << (bit & 31));
}

/** The hashes that were added to any of several bitmaps. */
export function unionOf(bitmaps: readonly Bitmap[]): Bitmap {
  const union = createBitmap();
  for (const bitmap of bitmaps) {
    for (let word = 0; word < WORDS; word++) {
      union[word] = (union[word] as number) | (bitmap[word] as number);
    }
  }
  return union;
}

/**
 * Estimates how many distinct hashes were added to several bitmaps together, by linear counting
 * (Whang, Vander-Zanden and Taylor, 1990): `-m ln(share of the m bits that are not set)`.
 *
 * Of n distinct hashes the standard error is `sqrt(m (e^t - t - 1))` with `t = n / m`: below 0.4 % of n
 * up to 100,000 and below 0.9 % up to 300,000. Up to 20 the estimate is exact in more than 99.7 % of
 * cases, and one too low in nearly all others. Far above 300,000 the error grows: 2.4 % at 500,000, and
 * no estimate is above {@link MOST_COUNTED}, which then means "at least".
 */
export function countDistinct(bitmaps: readonly Bitmap[]): number {
  let set = 0;
  for (let word = 0; word < WORDS; word++) {
    let union = 0;
    for (const bitmap of bitmaps) union |= bitmap[word] as number;
    set += bitsOf(union);
  }
  if (set === BITS) return MOST_COUNTED;
  return Math.round(-BITS * Math.log1p(-set / BITS));
}

/** How many bits of a 32-bit word are set. */
function bitsOf(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
