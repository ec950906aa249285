import { unavailableView } from "@edgezero/control-api/unavailable-view";
import { NO_COUNTS } from "../loop/counts.ts";
import type { LedEnvironment } from "./open-environment.ts";
import { idleEnvironment } from "./idle-environment.ts";
import { createViews } from "./views.ts";
import type { LedElsewhereError } from "./led-elsewhere.ts";

/** What an operator has to do, and when it is tried again without that. */
function waitsForText({ retryAt = null }: Pick<Refused, "retryAt">): string {
  const again =
    retryAt === null
      ? "and starts the controller again, or sends it SIGHUP"
      : `; it is tried again at ${new Date(retryAt).toISOString()}, or at once by SIGHUP`;
  return `an operator who mends that${retryAt === null ? " " : ""}${again}; meanwhile`;
}

/** An environment that cannot be run. */
export interface Refused {
  readonly name: string;
  /** Why, for operators, without secrets and without a full stop. */
  readonly why: string;
  /** The store, without credentials; `null` where it is not known. */
  readonly store: string | null;
  /** The arguments of a rollback that works, where `--env` with the name does not. */
  readonly rollback?: string;
  /** Since when it cannot be run, in milliseconds of the epoch; absent where that is now. */
  readonly since?: number | undefined;
  /** When it is tried again, in milliseconds of the epoch; absent or `null` where only another config helps. */
  readonly retryAt?: number | null | undefined;
  /** Whether only another config helps. */
  readonly isFinal?: boolean | undefined;
  /** Set where another process leads it. */
  readonly elsewhere?: LedElsewhereError | undefined;
}

/**
 * Stands in for an environment that cannot be run, so that nobody takes silence for health: it shows why,
 * pages, and refuses every command.
 *
 * @param now Milliseconds of the epoch.
 */
export function unavailableEnvironment(
  { name, why, store, rollback = `--env ${name}`, ...more }: Refused,
  now: () => number,
): LedEnvironment {
  const { since = now() } = more;
  const toType = `edgezero-rollout rollback ${rollback}`;
  const waitsFor = `${waitsForText(more)} \`${toType}\` works`;
  const view = (): ReturnType<typeof unavailableView> =>
    unavailableView({ name, why, store, waitsFor, since, at: now() });
  return idleEnvironment({
    views: createViews(view, since),
    counts: { ...NO_COUNTS, pages: { unavailable: 1 } },
    isReady: () => false,
    advice: `To roll back, type: ${toType}`,
    noIngest: "The controller cannot run this environment, and takes no events for it.",
    now,
  });
}
