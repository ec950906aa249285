import { fileURLToPath } from "node:url";
import { startViceroy } from "@edgezero/conformance/runtimes/viceroy";
import { processWith } from "../load/usage.ts";
import type { Server } from "./server-process.ts";

const CONFIG = { edgezero_enabled: "true", edgezero_rollout_pct: "10" };

/** A program of `guests` in Viceroy, which takes some seconds to compile it. */
export async function startFastly(program: "gateway" | "baseline" | "reads"): Promise<Server> {
  const viceroy = await startViceroy({
    source: fileURLToPath(new URL(`../guests/fastly-${program}.ts`, import.meta.url)),
    hasConfigStore: program !== "baseline",
    ...(program !== "baseline" && { fixedConfig: CONFIG }),
  });
  return {
    url: viceroy.url,
    pid: processWith(new URL(viceroy.url).host),
    stop: () => viceroy.stop(),
  };
}
