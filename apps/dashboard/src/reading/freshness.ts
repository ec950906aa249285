import type { EnvironmentView, SourceView } from "@edgezero/control-api/environment-view";
import { sourceText } from "@edgezero/control-api/source-text";
import { listText } from "./health.ts";
import { agoText } from "./times.ts";

type Seen = Pick<EnvironmentView, "sources" | "held" | "state">;

/** Whether the controller lacks evidence, however well the page is connected to it. Pure. */
export function isBlind({ sources, held, state }: Seen): boolean {
  if (state === "unavailable") return true;
  return held.includes("blind") || sources.some(({ missing }) => missing !== null);
}

/** Sources that gave nothing when they were asked last. */
export function silentSources({ sources }: Pick<Seen, "sources">): readonly SourceView[] {
  return sources.filter(({ missing }) => missing !== null);
}

/** Why a rollout is blind. The age of what came last is told with its source, and nowhere else. Pure. */
export function blindText(view: Seen): string {
  const names = silentSources(view).map(({ name }) => name);
  return names.length === 0
    ? "Evidence was missing or old, and has to be fresh for 3 windows."
    : `Evidence is missing from ${listText(names)}.`;
}

/** Where evidence comes from, and how old its newest sample is. `now`: milliseconds of the epoch. Pure. */
export function evidenceText({ sources }: Pick<Seen, "sources">, now: number): string {
  return sources
    .map((source) => {
      const { missing, newest } = source;
      if (missing !== null) return `nothing from ${source.name}`;
      const age = newest === null ? "nothing yet" : `newest ${agoText(newest, now)}`;
      return `${sourceText(source)}, ${age}`;
    })
    .join("; ");
}
