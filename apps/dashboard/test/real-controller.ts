import { NO_NOTIFICATIONS } from "@edgezero/control-api/notifications";
import type { Environments } from "@edgezero/controller/api/environments";
import type { RunningRollout } from "@edgezero/controller/environment/running-rollout";
import { Stage } from "@edgezero/controller/test/stage";
import { servePage } from "./serve-page.ts";

/** A controller that leads one rollout of a file store, beside a simulated site. */
export interface RealController {
  readonly url: string;
  readonly stage: Stage;
  readonly rollout: RunningRollout;
  close(): Promise<void>;
}

export async function startRealController(): Promise<RealController> {
  const stage = new Stage();
  const rollout = await stage.open();
  const served = await servePage(environmentsOf(rollout));
  return {
    url: served.url,
    stage,
    rollout,
    async close() {
      await served.close();
      await rollout.close();
      stage.remove();
    },
  };
}

function environmentsOf(rollout: RunningRollout): Environments {
  return {
    names: () => ["test"],
    view: (name) => (name === "test" ? rollout.views.latest() : null),
    history: async (_, wish) => rollout.history.read(wish),
    recording: () => null,
    notifications: () => NO_NOTIFICATIONS,
    subscribe: (_, after, onView) => rollout.views.subscribe(after, onView),
    command: async (_, request) => rollout.command(request),
    ingest: async () => ({ kind: "refused", reason: "no-source", sentence: "No events here." }),
    isReady: () => rollout.isReady(),
  };
}
