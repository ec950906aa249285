const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The bucket that probe `number` asks about, from 0. They spread over the range, also those of each
 * second or third probe: a balancer may deal probes to its instances in turn. The first is bucket 0, which goes
 * to EdgeZero first and leaves it last.
 */
export function probeBucket(number: number): number {
  return Math.floor(((number * GOLDEN) % 1) * 100);
}
