import type { Sample, SignedProbeOptions } from "./probe.ts";
import { signedProbe } from "./probe.ts";

/** Seconds that clocks may differ by without a word. */
const MOST_S = 2;

/**
 * The gateway's clock less this machine's, in seconds; `null` where they differ by at most 2, or no
 * answer has a date. By the fastest answer, whose own time matters least: a busy machine is slow, not
 * late. Pure.
 *
 * @param origin The wall clock at 0 of `performance.now()`, in milliseconds of the epoch.
 */
export function clockSkewOf(
  samples: readonly Pick<Sample, "date" | "sentAt" | "answeredAt">[],
  origin: number,
): number | null {
  const dated = samples.flatMap(({ date, sentAt, answeredAt }) =>
    date === null ? [] : [{ skew: (date - origin - sentAt) / 1000, took: answeredAt - sentAt }],
  );
  const [fastest] = dated.toSorted((a, b) => a.took - b.took);
  // The header has whole seconds.
  const skew = fastest?.skew ?? 0;
  return Math.abs(skew) > MOST_S ? Math.round(skew) : null;
}

/** Asks a gateway for its time by one signed probe, which counts as no evidence. Never rejects. */
export async function signedClockSkew(
  options: Pick<SignedProbeOptions, "url" | "secret">,
): Promise<number | null> {
  const sample = await signedProbe({ ...options, bucket: 0, skewMs: 0 });
  return clockSkewOf([sample], Date.now() - performance.now());
}
