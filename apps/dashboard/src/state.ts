import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { History } from "@edgezero/control-api/history";
import { NO_HISTORY } from "@edgezero/control-api/history";
import type { Signal } from "@preact/signals";
import { signal } from "@preact/signals";
import type { Acting } from "./acting.ts";
import type { Link } from "./connection/link.ts";
import type { Theme } from "./theme.ts";

/** Everything that the page shows. */
export interface PageState {
  readonly link: Signal<Link>;
  /** The environment that is shown; `null`: the list of all. */
  readonly chosen: Signal<string | null>;
  /** The entry of the timeline that the address names. */
  readonly entry: Signal<string | null>;
  /** `null` before the first answer. */
  readonly environments: Signal<readonly EnvironmentView[] | null>;
  /** The chosen environment; `null` before its first view. */
  readonly view: Signal<EnvironmentView | null>;
  /** When that view came, by the clock of this machine. */
  readonly receivedAt: Signal<number | null>;
  readonly history: Signal<History>;
  readonly acting: Signal<Acting>;
  /** Milliseconds of the epoch, every second. */
  readonly now: Signal<number>;
  readonly theme: Signal<Theme>;
  readonly token: Signal<string | null>;
  readonly who: Signal<string>;
  readonly isKeysShown: Signal<boolean>;
}

export function createState(
  now: number,
  kept: { readonly token: string | null; readonly who: string; readonly theme: Theme },
): PageState {
  return {
    link: signal<Link>({ kind: "connecting" }),
    chosen: signal<string | null>(null),
    entry: signal<string | null>(null),
    environments: signal<readonly EnvironmentView[] | null>(null),
    view: signal<EnvironmentView | null>(null),
    receivedAt: signal<number | null>(null),
    history: signal<History>(NO_HISTORY),
    acting: signal<Acting>({ kind: "nothing" }),
    now: signal(now),
    theme: signal<Theme>(kept.theme),
    token: signal(kept.token),
    who: signal(kept.who),
    isKeysShown: signal(false),
  };
}
