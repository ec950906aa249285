import { readFileSync } from "node:fs";
import type { GatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { metricsUrl } from "@edgezero/testbed/metrics-page";

/** The processes that a gateway has started and that have not ended. */
export function workerPids({ child }: Pick<GatewayProcess, "child">): number[] {
  const text = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8");
  return text.split(" ").filter(Boolean).map(Number);
}

/** Where a gateway says whether it should get requests, on its metrics port. */
export function readyUrl(gateway: GatewayProcess): string {
  return metricsUrl(gateway).replace("/metrics", "/ready");
}
