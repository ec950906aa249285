import { clientBucket } from "@edgezero/rollout";
import { addressSets } from "../address-sets.ts";
import { bar, label, picture, stroke } from "./picture.ts";

const LEFT = 30;
const BASE = 150;
const STEP = 4.4;
/** Pixels of one percentage point. */
const SCALE = 90;

/** How many of 100,000 addresses each of the 100 buckets holds, as bars. */
export function bucketPictureSection(): string {
  const [set] = addressSets();
  if (set === undefined) throw new Error("there is no set of addresses");
  const counts = Array.from({ length: 100 }, () => 0);
  for (const address of set.addresses) {
    const bucket = clientBucket(address);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  const bars = counts.map((count, bucket) => {
    const height = ((100 * count) / set.addresses.length) * SCALE;
    const colour = bucket < 10 ? "--main" : "--faint";
    return bar(LEFT + bucket * STEP, BASE - height, STEP - 1, height, colour);
  });
  const even = BASE - SCALE;
  return picture("Each of 100 buckets holds about one per cent of the addresses", 196, [
    ...bars,
    stroke([LEFT, even, LEFT + 100 * STEP, even], "--text", true),
    label(LEFT, even - 20, "dashed: exactly 1% of the addresses", "start", "--text"),
    label(LEFT, BASE + 18, "bucket 0"),
    label(LEFT + 100 * STEP, BASE + 18, "bucket 99", "end"),
    label(LEFT, BASE + 38, "at 10%, the first ten go to EdgeZero", "start", "--main"),
  ]);
}
