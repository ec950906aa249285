import type { SourceView } from "@edgezero/control-api/environment-view";
import type { EvidenceSource } from "@edgezero/evidence/source";
import type { RolloutState } from "@edgezero/progression";
import type { SourceAsker } from "./ask-source.ts";
import { askerOf } from "./ask-source.ts";
import type { SteadyTime } from "./steady-time.ts";

const ABSENT = "the config has no such source, and the rollout judges by it";

/** What a rollout judges by, which its sources must count. */
export type Measured = Pick<RolloutState["rules"], "windowMs" | "signals">;

/** Opens the sources of the config, to count what a rollout judges by. */
export type OpenSources = (measured: Measured) => readonly EvidenceSource[];

/** The sources of a rollout. They count by the plan that it goes by, whatever the config has by now. */
export interface Askers {
  readonly all: () => readonly SourceAsker[];
  /** Names of sources that the rollout judges by, and that the config does not have any more. */
  readonly absent: () => readonly string[];
  /** What each of them said last, and that the absent ones are absent. */
  readonly views: () => readonly SourceView[];
  readonly close: () => Promise<void>;
}

/** @throws what `open` throws, at first. Later such a source is absent, and is opened again when it is asked for. */
export function createAskers(
  open: OpenSources,
  time: SteadyTime,
  rules: () => RolloutState["rules"],
): Askers {
  let measured = keyOf(rules());
  let known = opened();

  function opened(): readonly SourceAsker[] {
    const { windowMs } = rules();
    return open(rules()).map((source) => askerOf(source, time, windowMs));
  }

  async function close(): Promise<void> {
    await Promise.all(known.map(async ({ source }) => source.close()));
  }

  function all(): readonly SourceAsker[] {
    const now = keyOf(rules());
    if (now === measured) return known;
    void close().catch(() => {});
    known = [];
    try {
      known = opened();
      measured = now;
    } catch {
      // Its file may be there again when it is asked the next time.
    }
    return known;
  }

  function absent(): readonly string[] {
    const { source, signals } = rules();
    const names = new Set([source, ...signals.map((signal) => signal.source)]);
    for (const asker of all()) names.delete(asker.source.name);
    return [...names];
  }

  return {
    all,
    absent,
    views: () => [
      ...all().map((asker) => {
        const { newest, missing } = asker.news();
        const { name, location } = asker.source;
        return { name, location, newest, missing, note: asker.source.note?.() ?? null };
      }),
      ...absent().map((name) => ({ name, location: name, newest: null, missing: ABSENT })),
    ],
    close,
  };
}

function keyOf({ windowMs, signals }: Measured): string {
  return JSON.stringify([windowMs, signals.map(({ name, of }) => [name, of])]);
}
