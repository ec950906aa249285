// The client for servers with its payload given, as at https://docs.growthbook.io/lib/node.
import { GrowthBookClient } from "@growthbook/growthbook";
import type { Rollout } from "./peer.ts";
import { FLAG } from "./peer.ts";

export function open(percentage: number): Rollout {
  const client = new GrowthBookClient();
  client.initSync({
    payload: {
      features: {
        [FLAG]: {
          defaultValue: false,
          rules: [{ force: true, coverage: percentage / 100, hashAttribute: "ip", hashVersion: 2 }],
        },
      },
    },
  });
  return {
    count(addresses) {
      let sum = 0;
      for (const ip of addresses) sum += client.isOn(FLAG, { attributes: { ip } }) ? 1 : 0;
      return sum;
    },
  };
}
