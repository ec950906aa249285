// The edge SDK over a KV namespace, as at https://launchdarkly.com/docs/sdk/edge/cloudflare. The
// namespace is in memory: a real one takes milliseconds.
import { init } from "@launchdarkly/cloudflare-server-sdk";
import { launchDarklyFlag } from "./launchdarkly-flag.ts";
import type { Rollout } from "./peer.ts";
import { FLAG } from "./peer.ts";

export async function open(percentage: number): Promise<Rollout> {
  const data = JSON.stringify({ flags: { [FLAG]: launchDarklyFlag(percentage) }, segments: {} });
  const namespace = { get: async () => data };
  const client = init("client-side-id-bench", namespace as unknown as Parameters<typeof init>[1]);
  await client.waitForInitialization();
  return {
    async count(addresses) {
      let sum = 0;
      for (const key of addresses) {
        sum += (await client.variation(FLAG, { kind: "user", key }, false)) ? 1 : 0;
      }
      return sum;
    },
  };
}
