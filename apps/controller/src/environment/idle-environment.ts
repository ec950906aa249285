import { NO_HISTORY } from "@edgezero/control-api/history";
import { NO_NOTIFICATIONS } from "@edgezero/control-api/notifications";
import type { Counts } from "../loop/counts.ts";
import type { LedEnvironment } from "./open-environment.ts";
import type { Views } from "./views.ts";

/** What differs between environments that this process does not run. */
export interface IdleFacts {
  readonly views: Views;
  readonly counts: Counts;
  /** Whether that is as it should be. */
  readonly isReady: () => boolean;
  /** Follows "Nothing was done:" and the view's sentence in the answer to a command. */
  readonly advice: string;
  /** Why it takes no decision events. */
  readonly noIngest: string;
  /** Milliseconds of the epoch. */
  readonly now: () => number;
}

/** An environment that this process does not run: it has no history, and refuses commands and events. */
export function idleEnvironment(facts: IdleFacts): LedEnvironment {
  const { views, counts, isReady, advice, noIngest, now } = facts;
  return {
    rollout: {
      views,
      history: { read: async () => NO_HISTORY, recording: noLines },
      counts: () => counts,
      async command({ id, command }) {
        const sentence = `Nothing was done: ${views.latest().sentence} ${advice}`;
        return { id, command, accepted: false, sentence, at: now(), repeated: false };
      },
      isReady,
      run: async () => {},
    },
    notifier: { read: () => NO_NOTIFICATIONS },
    windowMs: () => null,
    ingest: () => ({ kind: "refused", reason: "no-source", sentence: noIngest }),
    close: async () => {},
  };
}

/** What was kept is not read for one that is not run. */
// oxlint-disable-next-line require-yield -- See above.
async function* noLines(): AsyncGenerator<string> {}
