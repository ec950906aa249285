import type { EnvironmentView } from "@edgezero/control-api/environment-view";

/** Remembers since when each source is silent. A new process begins to count again. */
export interface Silence {
  /** Since when each source that gives nothing gives nothing, in milliseconds of the epoch. */
  seen(view: EnvironmentView): Readonly<Record<string, number>>;
}

export function createSilence(): Silence {
  let since: Readonly<Record<string, number>> = {};
  return {
    seen({ sources, at }) {
      const silent = sources.filter(({ missing }) => missing !== null);
      since = Object.fromEntries(silent.map(({ name }) => [name, since[name] ?? at]));
      return since;
    },
  };
}
