import type { NodeGateway } from "@edgezero/testbed/node/start-node-gateway";
import { startNodeGateway } from "@edgezero/testbed/node/start-node-gateway";

/** A gateway process that listens. */
export type Gateway = NodeGateway;

/** Starts the Node gateway on a free port, over a config file; resolves once it listens. */
export async function startGateway(
  configPath: string,
  env: Readonly<Record<string, string>> = { TRUST_PROXY: "loopback", ATTRIBUTION: "detail" },
): Promise<Gateway> {
  return startNodeGateway({ EDGEZERO_CONFIG: configPath, ...env }, { stderr: "inherit" });
}
