// Local evaluation with definitions from a cache of one's own, as at
// https://posthog.com/docs/feature-flags/local-evaluation/distributed-environments.
import type { FlagDefinitionCacheProvider } from "posthog-node";
import { PostHog } from "posthog-node";
import type { Rollout } from "./peer.ts";
import { FLAG } from "./peer.ts";

export async function open(percentage: number): Promise<Rollout> {
  const flag = {
    id: 1,
    name: FLAG,
    key: FLAG,
    active: true,
    deleted: false,
    rollout_percentage: null,
    ensure_experience_continuity: false,
    experiment_set: [],
    filters: { groups: [{ properties: [], rollout_percentage: percentage }] },
  };
  const cache: FlagDefinitionCacheProvider = {
    getFlagDefinitions: () => ({ flags: [flag], groupTypeMapping: {}, cohorts: {} }),
    shouldFetchFlagDefinitions: () => false,
    onFlagDefinitionsReceived() {},
    shutdown() {},
  };
  const client = new PostHog("phc_bench", {
    host: "http://127.0.0.1:9",
    personalApiKey: "phx_bench",
    flagDefinitionCacheProvider: cache,
    featureFlagsLogWarnings: false,
  });
  await client.waitForLocalEvaluationReady();
  // Without the event that it would send of each decision. `evaluateFlags`, which is to replace this
  // call, takes several times as long.
  const options = { onlyEvaluateLocally: true, sendFeatureFlagEvents: false };
  return {
    async count(addresses) {
      let sum = 0;
      for (const address of addresses) {
        sum += (await client.isFeatureEnabled(FLAG, address, options)) ? 1 : 0;
      }
      return sum;
    },
  };
}
