import type { EnvironmentView } from "./environment-view.ts";
import type { UnavailableFacts } from "./unavailable-view.ts";
import { unavailableView } from "./unavailable-view.ts";

/** What is known of an environment that another controller leads. */
export interface FollowingFacts extends Pick<UnavailableFacts, "name" | "store" | "at"> {
  /** `null` where nobody leads just now: this controller is about to. */
  readonly leader: {
    readonly host: string;
    readonly pid: number;
    /** ISO 8601, UTC. */
    readonly since: string;
  } | null;
  /** The longest time until this controller leads after that one has ended, in milliseconds. */
  readonly takeoverMs: number;
  /** When this controller lost the lease, in milliseconds of the epoch; `null` where it did not lead. */
  readonly lostAt: number | null;
}

/** The view of an environment that another controller leads: this one guards nothing, and stands by. Pure. */
export function followingView(facts: FollowingFacts): EnvironmentView {
  const { name, store, at, leader, takeoverMs, lostAt } = facts;
  const leads =
    leader === null
      ? "No controller leads this environment now. This one is trying to. Until a controller leads, nothing guards this rollout."
      : `Process ${leader.pid} on ${leader.host} leads this environment, since ${leader.since}. This controller stands by, and guards nothing.`;
  const lost =
    lostAt === null
      ? ""
      : ` It led before, and lost the lease at ${new Date(lostAt).toISOString()}.`;
  return {
    ...unavailableView({ name, store, at, since: at, why: "", waitsFor: "" }),
    state: "following",
    sentence: `${leads}${lost}`,
    waitsFor:
      leader === null
        ? "its own begin"
        : `the end of that process: this controller then leads within ${takeoverMs / 1000} s`,
    pages: [],
  };
}
