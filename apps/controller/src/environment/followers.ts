import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { LedEnvironment } from "./open-environment.ts";

type OnView = (id: number, view: EnvironmentView) => void;

/** Those who follow the views of an environment by its name, also where it is opened again. */
export interface Followers {
  /** Gives what ends it. `after`: as of an environment's views. */
  follow(
    name: string,
    environment: LedEnvironment | undefined,
    after: number | null,
    onView: OnView,
  ): () => void;
  /** The name stands for this one from now on; `null`: for none. */
  moveTo(name: string, environment: LedEnvironment | null): void;
}

interface Follower {
  readonly onView: OnView;
  end: () => void;
}

export function createFollowers(): Followers {
  const followers = new Map<string, Set<Follower>>();
  return {
    follow(name, environment, after, onView) {
      const end = environment?.rollout.views.subscribe(after, onView);
      const follower: Follower = { onView, end: end ?? (() => {}) };
      const mine = followers.get(name) ?? new Set();
      followers.set(name, mine.add(follower));
      return () => {
        mine.delete(follower);
        follower.end();
      };
    },
    moveTo(name, environment) {
      for (const follower of followers.get(name) ?? []) {
        follower.end();
        if (environment !== null)
          follower.end = environment.rollout.views.subscribe(null, follower.onView);
      }
    },
  };
}
