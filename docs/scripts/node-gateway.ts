import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NodeGateway } from "@edgezero/testbed/node/start-node-gateway";
import { startNodeGateway } from "@edgezero/testbed/node/start-node-gateway";

/** A Node gateway, and its config file. */
export interface ConfiguredGateway extends NodeGateway {
  /** The path of its config file. */
  readonly config: string;
}

/** Starts the Node gateway on free ports, with a config file of its own. */
export async function startConfiguredGateway(
  values: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<ConfiguredGateway> {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-docs-"));
  const config = join(folder, "rollout.json");
  writeFileSync(config, JSON.stringify(values));
  const gateway = await startNodeGateway(
    { PATH: process.env["PATH"], METRICS_PORT: "0", EDGEZERO_CONFIG: config, ...env },
    { stderr: "inherit" },
  );
  return {
    ...gateway,
    config,
    async stop() {
      await gateway.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
