import { FLAG } from "./peer.ts";

/** A boolean flag with a percentage rollout by the context's key, in LaunchDarkly's data format. */
export function launchDarklyFlag(percentage: number): object {
  return {
    key: FLAG,
    version: 1,
    on: true,
    salt: "bench",
    variations: [true, false],
    offVariation: 1,
    targets: [],
    rules: [],
    prerequisites: [],
    fallthrough: {
      rollout: {
        contextKind: "user",
        variations: [
          { variation: 0, weight: percentage * 1000 },
          { variation: 1, weight: (100 - percentage) * 1000 },
        ],
      },
    },
  };
}
