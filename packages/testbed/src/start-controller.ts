import { fileURLToPath } from "node:url";
import type { Environment } from "./process/child-process.ts";
import type { ReadyProcess } from "./process/start-process.ts";
import { startProcess } from "./process/start-process.ts";

const MAIN = fileURLToPath(new URL("../../../apps/controller/src/main.ts", import.meta.url));

/** A controller's process that listens. */
export interface ControllerProcess extends Pick<ReadyProcess, "pid" | "end" | "process"> {
  readonly url: string;
}

/** Starts a controller by a config file, on a free port unless `env` says otherwise; resolves once it listens. */
export async function startController(
  config: string,
  cwd: string,
  env: Environment = {},
): Promise<ControllerProcess> {
  const { said, ...child } = await startProcess(process.execPath, [MAIN, "--config", config], {
    cwd,
    env: { PORT: "0", ...env },
    ready: /^.*"controller started".*$/,
  });
  const { url } = JSON.parse(said) as { url: string };
  return { ...child, url };
}
