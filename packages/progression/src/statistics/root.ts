/** Steps after which an interval is as narrow as doubles allow, whatever the function. */
const MOST_STEPS = 200;

/**
 * Where a monotone function falls below 0, between a place where it has not and one where it has. The
 * place of either may be the larger. It is found to the precision of doubles, as by halving the interval,
 * in a fifth of the steps: by the secant, whose lazy end counts half (the Illinois rule), and each third
 * time by halving.
 *
 * @param from Where the function is at least 0.
 * @param to Where it is below 0. Where it is not, this is the answer.
 */
export function fallBelowZero(
  from: number,
  to: number,
  valueAt: (place: number) => number,
): number {
  let [positive, negative] = [from, to];
  let [above, below] = [valueAt(from), valueAt(to)];
  if (!(below < 0)) return to;
  for (let step = 1; step <= MOST_STEPS; step += 1) {
    const halfway = (positive + negative) / 2;
    const secant = positive + ((negative - positive) * above) / (above - below);
    const place = step % 3 > 0 && isWithin(secant, positive, negative) ? secant : halfway;
    if (!isWithin(place, positive, negative)) break; // No double lies between the ends.
    const value = valueAt(place);
    if (value >= 0) {
      positive = place;
      above = value;
      below /= 2;
    } else {
      negative = place;
      below = value;
      above /= 2;
    }
  }
  return (positive + negative) / 2;
}

function isWithin(place: number, one: number, other: number): boolean {
  return place > Math.min(one, other) && place < Math.max(one, other);
}
