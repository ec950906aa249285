// One decision of ours, for bench:size: the same work as `open` of bench/peers.
import { decide, readRollout } from "@edgezero/rollout";
import type { Rollout } from "../peers.ts";

export function open(percentage: number): Rollout {
  const pct = String(percentage);
  const store = { get: (key: string) => (key === "edgezero_enabled" ? "true" : pct) };
  return {
    async count(addresses) {
      let sum = 0;
      for (const address of addresses) {
        sum += decide(await readRollout(store), address).path === "edgezero" ? 1 : 0;
      }
      return sum;
    },
  };
}
