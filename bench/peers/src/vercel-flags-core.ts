// Offline mode, neither stream nor polling, with a datafile, as at
// https://vercel.com/docs/flags/vercel-flags/sdks/core. The datafile's form is that of its types.
import { createClient } from "@vercel/flags-core";
import type { Rollout } from "./peer.ts";
import { FLAG } from "./peer.ts";

interface Entities {
  readonly client: { readonly ip: string };
}

export async function open(percentage: number): Promise<Rollout> {
  const client = createClient<Entities>("vf_server_bench", {
    stream: false,
    polling: false,
    // What it would send of decisions.
    disableMetrics: true,
    datafile: {
      projectId: "bench",
      environment: "production",
      definitions: {
        [FLAG]: {
          seed: 1,
          variants: [false, true],
          environments: {
            production: {
              fallthrough: {
                type: "split",
                base: ["client", "ip"],
                weights: [100 - percentage, percentage],
                defaultVariant: 0,
              },
            },
          },
        },
      },
    },
  });
  await client.initialize();
  return {
    async count(addresses) {
      let sum = 0;
      for (const ip of addresses) {
        sum += (await client.evaluate(FLAG, false, { client: { ip } })).value ? 1 : 0;
      }
      return sum;
    },
  };
}
