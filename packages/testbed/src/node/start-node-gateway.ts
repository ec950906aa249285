import { fileURLToPath } from "node:url";
import type { Environment } from "../process/child-process.ts";
import type { ProcessOptions, ReadyProcess } from "../process/start-process.ts";
import { startProcess } from "../process/start-process.ts";

/** The folder of the Node gateway. */
export const NODE_APP: string = fileURLToPath(new URL("../../../../apps/node/", import.meta.url));

/** A process of the Node gateway that listens. */
export interface NodeGateway extends Pick<ReadyProcess, "pid" | "stop"> {
  readonly url: string;
  /** The URL of its metrics page, or why there is no page. */
  readonly metrics: string;
}

/** Starts the Node gateway, on a free port unless `env` says otherwise; resolves once it listens. */
export async function startNodeGateway(
  env: Environment,
  options: Pick<ProcessOptions, "onLine" | "stderr"> = {},
): Promise<NodeGateway> {
  const { said, pid, stop } = await startProcess(process.execPath, ["src/main.ts"], {
    cwd: NODE_APP,
    env: { PORT: "0", ...env },
    ready: /^.*"gateway started".*$/,
    ...options,
  });
  const { url = "", metrics = "" } = JSON.parse(said) as Partial<NodeGateway>;
  return { url, metrics, pid, stop };
}
