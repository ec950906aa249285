import { fileURLToPath } from "node:url";
import { startViceroy } from "@edgezero/testbed/fastly/viceroy";
import type { Server } from "./server-process.ts";

/** A service whose config store can be written. */
export interface WritableServer extends Server {
  setPercentage(percentage: number): void;
}

const CONFIG = { edgezero_enabled: "true", edgezero_rollout_pct: "10" };

/** With the rollout, without, without but warmed in the build, and one that counts its reads. */
type Program = "gateway" | "baseline" | "warmed" | "reads";

/** A program of `guests` in Viceroy, which takes some seconds to compile it. */
export async function startFastly(program: Program): Promise<Server> {
  const hasConfigStore = program === "gateway" || program === "reads";
  const viceroy = await startViceroy({
    source: fileURLToPath(new URL(`../guests/fastly-${program}.ts`, import.meta.url)),
    hasConfigStore,
    ...(hasConfigStore && { fixedConfig: CONFIG }),
  });
  return {
    url: viceroy.url,
    pid: viceroy.pid,
    stop: () => viceroy.stop(),
  };
}

/** The gateway in Viceroy, over a file that Viceroy reads at each opening of the store. */
export async function startWritableFastly(): Promise<WritableServer> {
  const source = fileURLToPath(new URL("../guests/fastly-gateway.ts", import.meta.url));
  const viceroy = await startViceroy({ source, hasConfigStore: true });
  return {
    url: viceroy.url,
    pid: viceroy.pid,
    setPercentage: (pct) => viceroy.write({ ...CONFIG, edgezero_rollout_pct: String(pct) }),
    stop: () => viceroy.stop(),
  };
}
