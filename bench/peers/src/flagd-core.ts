// The evaluation engine of flagd within the process, as at
// https://www.npmjs.com/package/@openfeature/flagd-core and
// https://flagd.dev/reference/custom-operations/fractional-operation/.
import { FlagdCore } from "@openfeature/flagd-core";
import type { Rollout } from "./peer.ts";
import { FLAG } from "./peer.ts";

/** An engine with one flag. By default flagd hashes the flag's key and the targeting key. */
export function createFlagdCore(percentage: number): FlagdCore {
  const core = new FlagdCore();
  const targeting = {
    fractional: [
      ["on", percentage],
      ["off", 100 - percentage],
    ],
  };
  core.setConfigurations(
    JSON.stringify({
      flags: {
        [FLAG]: {
          state: "ENABLED",
          variants: { on: true, off: false },
          defaultVariant: "off",
          targeting,
        },
      },
    }),
  );
  return core;
}

export function open(percentage: number): Rollout {
  const core = createFlagdCore(percentage);
  return {
    count(addresses) {
      let sum = 0;
      for (const targetingKey of addresses) {
        sum += core.resolveBooleanEvaluation(FLAG, false, { targetingKey }).value ? 1 : 0;
      }
      return sum;
    },
  };
}
