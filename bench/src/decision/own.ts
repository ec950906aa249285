import type { ConfigStore } from "@edgezero/rollout";
import { decide, readRollout } from "@edgezero/rollout";
import type { Rollout } from "../peers.ts";

/** The floor: a loop that touches each address and decides nothing. */
export function openNothing(): Rollout {
  return {
    count(addresses) {
      let sum = 0;
      for (const address of addresses) sum += address.length > 15 ? 1 : 0;
      return sum;
    },
  };
}

/** The least that the same split can cost: FNV-1a without a check, an object or a reason. */
export function openBareLoop(percentage: number): Rollout {
  return {
    count(addresses) {
      let sum = 0;
      for (const address of addresses) sum += bareBucket(address) < percentage ? 1 : 0;
      return sum;
    },
  };
}

/** Our decision, over a state that was read before. */
export async function openDecide(percentage: number): Promise<Rollout> {
  const state = await readRollout(storeOf(percentage));
  return {
    count(addresses) {
      let sum = 0;
      for (const address of addresses) sum += decide(state, address).path === "edgezero" ? 1 : 0;
      return sum;
    },
  };
}

/** Our whole decision: the config store is read and understood anew for each address. */
export function openFullDecision(percentage: number): Rollout {
  const store = storeOf(percentage);
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

function storeOf(percentage: number): ConfigStore {
  return { get: (key) => (key === "edgezero_enabled" ? "true" : String(percentage)) };
}

function bareBucket(address: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < address.length; i++) {
    hash = Math.imul(hash ^ address.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0) % 100;
}
