// Flags from a file, as at https://launchdarkly.com/docs/sdk/features/flags-from-files.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { basicLogger, init } from "@launchdarkly/node-server-sdk";
import { FileDataSourceFactory } from "@launchdarkly/node-server-sdk/integrations";
import { launchDarklyFlag } from "./launchdarkly-flag.ts";
import type { Rollout } from "./peer.ts";
import { FLAG } from "./peer.ts";

export async function open(percentage: number): Promise<Rollout> {
  const file = join(mkdtempSync(join(tmpdir(), "edgezero-launchdarkly-")), "flags.json");
  writeFileSync(file, JSON.stringify({ flags: { [FLAG]: launchDarklyFlag(percentage) } }));
  const source = new FileDataSourceFactory({ paths: [file] });
  const client = init("sdk-key-bench", {
    updateProcessor: source.getFactory(),
    // What it would send of each decision.
    sendEvents: false,
    logger: basicLogger({ level: "error" }),
  });
  await client.waitForInitialization({ timeout: 10 });
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
