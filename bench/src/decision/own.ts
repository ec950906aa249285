import type { ConfigStore } from "@edgezero/rollout";
import { createRollout, decide, readRollout } from "@edgezero/rollout";
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

/**
 * The same split as most would write it: FNV-1a without a check, an object or a reason. Its hash
 * starts above 2^31, which V8 keeps as a double: started with `0x811c9dc5 | 0`, as the core's, it
 * would take about 0.6 of the time. It stays as it is, so that its ratios compare with earlier ones.
 */
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

/** Our full decision, as for each request: reads the config store, then decides. */
export function openFullDecision(percentage: number): Rollout {
  const rollout = createRollout({ configStore: storeOf(percentage) });
  return {
    count(addresses) {
      let sum = 0;
      for (const address of addresses) {
        const decision = rollout.decide(address);
        if (decision instanceof Promise) throw new Error("this store answers at once");
        sum += decision.path === "edgezero" ? 1 : 0;
      }
      return sum;
    },
  };
}

/** The same without memory, and with a promise for each address. */
export function openReadAndDecide(percentage: number): Rollout {
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
  const pct = String(percentage);
  return { get: (key) => (key === "edgezero_enabled" ? "true" : pct) };
}

function bareBucket(address: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < address.length; i++) {
    hash = Math.imul(hash ^ address.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0) % 100;
}
