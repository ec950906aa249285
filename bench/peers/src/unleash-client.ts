// Gradual rollout with bootstrap data and no server, as at
// https://docs.getunleash.io/sdks/node#bootstrap and
// https://docs.getunleash.io/concepts/activation-strategies#gradual-rollout.
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InMemStorageProvider, Unleash } from "unleash-client";
import type { Rollout } from "./peer.ts";
import { FLAG } from "./peer.ts";

/** `remoteAddress` is Unleash's own field for the client's address. */
export async function open(percentage: number): Promise<Rollout> {
  const unleash = new Unleash({
    appName: "bench",
    url: "http://127.0.0.1:9/api/",
    // No fetching and no metrics: nothing but decisions, from the bootstrap data.
    refreshInterval: 0,
    disableMetrics: true,
    disableAutoStart: true,
    backupPath: mkdtempSync(join(tmpdir(), "edgezero-unleash-")),
    storageProvider: new InMemStorageProvider(),
    bootstrap: {
      data: [
        {
          name: FLAG,
          type: "release",
          enabled: true,
          stale: false,
          impressionData: false,
          strategies: [
            {
              name: "flexibleRollout",
              parameters: {
                rollout: String(percentage),
                stickiness: "remoteAddress",
                groupId: FLAG,
              },
              constraints: [],
            },
          ],
          variants: [],
        },
      ],
    },
  } as unknown as ConstructorParameters<typeof Unleash>[0]);
  const ready = once(unleash, "ready");
  await unleash.start();
  await ready;
  return {
    count(addresses) {
      let sum = 0;
      for (const remoteAddress of addresses)
        sum += unleash.isEnabled(FLAG, { remoteAddress }) ? 1 : 0;
      return sum;
    },
  };
}
