import type { GatewayProcess } from "./gateway-process.ts";
import { startGatewayProcess } from "./gateway-process.ts";

/** A gateway in front of origins. */
export interface ProxiedGateway extends GatewayProcess {
  /** Sends all requests to one of the two origins from now on. */
  routeTo(path: "legacy" | "edgezero"): void;
}

/** Starts a gateway in front of two origins, with all requests going to EdgeZero. */
export async function startProxiedGateway(
  legacy: string,
  edgezero: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ProxiedGateway> {
  const origins = { LEGACY_ORIGIN: legacy, EDGEZERO_ORIGIN: edgezero };
  const gateway = await startGatewayProcess({}, { ...origins, ...env });
  const routeTo: ProxiedGateway["routeTo"] = (path) => {
    const pct = path === "edgezero" ? "100" : "0";
    gateway.writeConfig({ edgezero_enabled: "true", edgezero_rollout_pct: pct });
  };
  routeTo("edgezero");
  return { ...gateway, routeTo };
}
