import type { RolloutPath } from "@edgezero/rollout";
import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import type { OriginUrls } from "@edgezero/testbed/upstream";
import type { Origin } from "./origin.ts";
import { startOrigin } from "./origin.ts";
import type { GatewaySettings, Runtime, RuntimeUnderTest } from "./runtime.ts";

/** A gateway under test, and the two origins behind it. */
export interface Stage {
  readonly gateway: RuntimeUnderTest;
  readonly origins: Readonly<Record<RolloutPath, Origin>>;
  close(): Promise<void>;
}

/** Starts a gateway, or a variation of it, in front of two origins. */
export async function setStage(
  start: Runtime["start"],
  settings?: GatewaySettings,
): Promise<Stage> {
  const [legacy, edgezero] = await Promise.all([
    startOrigin("legacy", "127.0.0.1"),
    startOrigin("edgezero", "127.0.0.2"),
  ]);
  const urls: OriginUrls = { legacy: legacy.url, edgezero: edgezero.url };
  const gateway = await start(urls, settings);
  return {
    gateway,
    origins: { legacy, edgezero },
    async close() {
      await gateway.stop();
      await Promise.all([legacy.close(), edgezero.close()]);
    },
  };
}

/** What a store holds so that this share of clients goes to EdgeZero. */
export function enabledAt(pct: number): Record<string, string> {
  return { [EDGEZERO_ENABLED_KEY]: "true", [EDGEZERO_ROLLOUT_PCT_KEY]: String(pct) };
}

/** What a store holds so that all clients go one way. */
export function allTo(path: RolloutPath): Record<string, string> {
  return enabledAt(path === "edgezero" ? 100 : 0);
}

/** What a group of cases is given: the stage, which is set only once the tests run. */
export type OnStage = () => Stage;
