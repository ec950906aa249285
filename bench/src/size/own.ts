// One decision of ours, for bench:size: the same work as `open` of bench/peers.
import { createRollout } from "@edgezero/rollout";
import type { Rollout } from "../peers.ts";

export function open(percentage: number): Rollout {
  const pct = String(percentage);
  const configStore = { get: (key: string) => (key === "edgezero_enabled" ? "true" : pct) };
  const rollout = createRollout({ configStore });
  return {
    async count(addresses) {
      let sum = 0;
      for (const address of addresses) {
        sum += (await rollout.decide(address)).path === "edgezero" ? 1 : 0;
      }
      return sum;
    },
  };
}
