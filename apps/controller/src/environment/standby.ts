import { followingView } from "@edgezero/control-api/following-view";
import { unavailableView } from "@edgezero/control-api/unavailable-view";
import { NO_COUNTS } from "../loop/counts.ts";
import { idleEnvironment } from "./idle-environment.ts";
import type { LeaderLook } from "./led-elsewhere.ts";
import type { LedEnvironment } from "./open-environment.ts";
import { createViews } from "./views.ts";

/** The promise of a shared lease: another controller leads so soon after the one that led has ended. */
const TAKEOVER_MS = 15_000;

/** An environment that another controller leads. */
export interface StandbyEnvironment extends LedEnvironment {
  /** Shows who leads by now. */
  told(look: LeaderLook): void;
}

/** What is known of it at first. */
export interface StandbyFacts {
  readonly name: string;
  /** The store, without credentials; `null` where it is not known. */
  readonly store: string | null;
  readonly look: LeaderLook;
  /** When this process lost the lease, in milliseconds of the epoch; `null` where it did not lead. */
  readonly lostAt: number | null;
  /** Takes secrets out of a text. */
  readonly safe: (text: string) => string;
}

/**
 * Stands by for an environment that another controller leads: it shows which, and refuses every command.
 * Where nobody can tell who leads it says so, and pages.
 *
 * @param now Milliseconds of the epoch.
 */
export function standbyEnvironment(facts: StandbyFacts, now: () => number): StandbyEnvironment {
  const { name, store, lostAt, safe } = facts;
  const begun = now();
  let shown = facts.look;
  /** Since when nobody can tell who leads. */
  let since = begun;
  const toType = `edgezero-rollout rollback --env ${name}`;

  function view(): ReturnType<typeof followingView> {
    const at = now();
    if (shown.kind !== "unknown") {
      const leader = shown.kind === "led" ? shown.holder : null;
      return followingView({ name, store, at, leader, takeoverMs: TAKEOVER_MS, lostAt });
    }
    const why = `it cannot be read which controller leads it: ${safe(shown.why).replace(/\.$/, "")}`;
    const waitsFor = `the store, which is asked each second; meanwhile \`${toType}\` works`;
    return unavailableView({ name, store, at, since, why, waitsFor });
  }

  const views = createViews(view, begun);
  return {
    ...idleEnvironment({
      views,
      counts: NO_COUNTS,
      isReady: () => shown.kind !== "unknown",
      advice: `Ask the controller that leads. To roll back from anywhere, type: ${toType}`,
      noIngest: "Another controller leads this environment: post its events to that one.",
      now,
    }),
    told(look) {
      if (look.kind === "unknown" && shown.kind !== "unknown") since = now();
      const isSame = JSON.stringify(look) === JSON.stringify(shown);
      shown = look;
      if (!isSame) views.changed();
    },
  };
}
