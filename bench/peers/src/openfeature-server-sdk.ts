// OpenFeature's client over flagd's engine, as at
// https://openfeature.dev/docs/reference/sdks/server/javascript/#develop-a-provider.
import type { EvaluationContext, Provider, ResolutionDetails } from "@openfeature/server-sdk";
import { OpenFeature } from "@openfeature/server-sdk";
import { createFlagdCore } from "./flagd-core.ts";
import type { Rollout } from "./peer.ts";
import { FLAG } from "./peer.ts";

export async function open(percentage: number): Promise<Rollout> {
  const core = createFlagdCore(percentage);
  const provider = {
    metadata: { name: "flagd-core" },
    runsOn: "server",
    resolveBooleanEvaluation: async (
      flag: string,
      defaultValue: boolean,
      context: EvaluationContext,
    ): Promise<ResolutionDetails<boolean>> =>
      core.resolveBooleanEvaluation(flag, defaultValue, context),
  };
  await OpenFeature.setProviderAndWait(provider as unknown as Provider);
  const client = OpenFeature.getClient();
  return {
    async count(addresses) {
      let sum = 0;
      for (const targetingKey of addresses) {
        sum += (await client.getBooleanValue(FLAG, false, { targetingKey })) ? 1 : 0;
      }
      return sum;
    },
  };
}
