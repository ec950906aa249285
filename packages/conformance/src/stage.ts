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

/** The content of a store that sends this percentage of clients to EdgeZero. */
export function enabledAt(pct: number): Record<string, string> {
  return { [EDGEZERO_ENABLED_KEY]: "true", [EDGEZERO_ROLLOUT_PCT_KEY]: String(pct) };
}

/** The content of a store that sends all clients to one path. */
export function allTo(path: RolloutPath): Record<string, string> {
  return enabledAt(path === "edgezero" ? 100 : 0);
}

/** Gives a group of cases its stage, which exists only once the tests run. */
export type OnStage = () => Stage;
