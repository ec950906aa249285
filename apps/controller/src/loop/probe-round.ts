import { probeBucket } from "@edgezero/operations/probe/buckets";
import type { Sample } from "@edgezero/operations/probe/probe";
import { signedProbe } from "@edgezero/operations/probe/probe";
import type { Place } from "../effects/place.ts";

/** An instance that answered counts as one of the gateways for so long. */
const KNOWN_MS = 5 * 60_000;
const MOST_PROBES = 40;

/** What signed probes found: of the gateways that are known, so many decide by the epoch. */
export interface Round {
  readonly instances: number;
  readonly carrying: number;
}

/** Sends signed probes, and remembers who answered. */
export interface Prober {
  /** Probes every gateway once or more. Never rejects. */
  round(epoch: string, now: number): Promise<Round>;
}

interface Known {
  readonly at: number;
  readonly epoch: string;
}

/** The sender of one signed probe, as tests replace it. */
export type SendProbe = (options: {
  url: string;
  secret: string;
  bucket: number;
  skewMs: number;
}) => Promise<Pick<Sample, "probe" | "date">>;

/**
 * Instances are counted by the names in their answers, where the platform has them, or else by place. One
 * that is expected behind a URL and did not answer counts as known, and as not carrying the epoch.
 */
export function createProber(
  { urls, secret, means }: Pick<Place, "urls" | "secret" | "means">,
  send: SendProbe = signedProbe,
): Prober | null {
  if (secret === null || urls.length === 0) return null;
  const known = new Map<string, Known>();
  const behind = new Map<string, Map<string, number>>();
  const skews = new Map<string, number>();
  let number = 0;

  async function ask(url: string, now: number, epoch: string): Promise<boolean> {
    const skewMs = skews.get(url) ?? 0;
    number += 1;
    const sample = await send({ url, secret: secret ?? "", bucket: probeBucket(number), skewMs });
    // The header has whole seconds.
    if (sample.date !== null) skews.set(url, sample.date + 500 - Date.now());
    const { probe } = sample;
    if (probe === null) return false;
    const name = means.isCounted ? probe.instance : (probe.place ?? "");
    const before = known.get(name);
    // One old answer of several behind a place is enough: it has not arrived everywhere.
    const isOld = before?.at === now && before.epoch !== epoch;
    if (!isOld || means.isCounted) known.set(name, { at: now, epoch: probe.epoch });
    const seen = behind.get(url) ?? new Map<string, number>();
    seen.set(name, now);
    behind.set(url, seen);
    return true;
  }

  /** Enough probes to meet each instance behind a balancer, most likely. */
  function probesFor(url: string): number {
    const expected = Math.max(means.instances ?? 1, behind.get(url)?.size ?? 1);
    // Two, so that a second instance is seen that nobody has named.
    const isAlone = expected === 1 && means.instances === 1;
    return isAlone ? 2 : Math.min(MOST_PROBES, 4 * expected + 2);
  }

  function forget(now: number): void {
    for (const [name, { at }] of known) if (at < now - KNOWN_MS) known.delete(name);
    for (const seen of behind.values()) {
      for (const [name, at] of seen) if (at < now - KNOWN_MS) seen.delete(name);
    }
  }

  return {
    async round(epoch, now) {
      await Promise.all(
        urls.map(async (url) => {
          for (let left = probesFor(url); left > 0; left -= 1) {
            // A gateway that does not answer is asked again in the next round.
            if (!(await ask(url, now, epoch))) return;
          }
        }),
      );
      forget(now);
      const unseen = urls.map((url) =>
        Math.max(0, (means.instances ?? 1) - (behind.get(url)?.size ?? 0)),
      );
      const answers = [...known.values()];
      return {
        instances: answers.length + unseen.reduce((sum, each) => sum + each, 0),
        carrying: answers.filter((each) => each.at === now && each.epoch === epoch).length,
      };
    },
  };
}
