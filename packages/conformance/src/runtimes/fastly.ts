import { fileURLToPath } from "node:url";
import { findViceroy } from "@edgezero/fastly/viceroy";
import { loopbackClients } from "../known-clients.ts";
import type { GatewaySettings, OriginUrls, Runtime, RuntimeUnderTest } from "../runtime.ts";
import type { ViceroyOptions } from "./viceroy.ts";
import { startViceroy } from "./viceroy.ts";

const GATEWAY = fileURLToPath(new URL("../../../../apps/fastly/src/main.ts", import.meta.url));

const found = findViceroy();

/**
 * The Fastly gateway in Viceroy. Every client is a real socket: no header says who it is.
 */
export const fastly: Runtime = {
  name: "fastly",
  eventRuntime: "fastly",
  tellsEnding: "Fastly does not tell a program what became of a response that it has handed over",
  ...("missing" in found ? { missing: found.missing } : {}),
  tellsUpgrades: "Fastly hands a WebSocket over before its origin answers",
  clients: loopbackClients(520),
  // Viceroy takes a store whole, or not at all.
  unreadableKeys: [],
  platformHeaders: [],
  keepsEncodedBodies: true,
  start: async (origins, settings) => start({ origins, settings, hasConfigStore: true }),
};

/** The same, as a service to which no config store is linked. */
export async function startWithoutStore(origins: OriginUrls): Promise<RuntimeUnderTest> {
  return start({ origins, hasConfigStore: false });
}

/** The same, of a build that does not refuse settings that are not valid. */
export async function startUnchecked(
  origins: OriginUrls,
  settings: GatewaySettings,
): Promise<RuntimeUnderTest> {
  return start({ origins, settings, hasConfigStore: true, isBuildChecked: false });
}

async function start(options: Omit<ViceroyOptions, "source">): Promise<RuntimeUnderTest> {
  const viceroy = await startViceroy({ source: GATEWAY, ...options });
  const runtime: RuntimeUnderTest = {
    log: viceroy.log,
    events: viceroy.events,
    route: (clientIp = "127.0.0.1") => ({ url: viceroy.url, localAddress: clientIp }),
    write: async (values) => viceroy.write(values),
    makeUnreadable: async (key) => {
      throw new Error(`${key} cannot be made unreadable in Viceroy`);
    },
    underLoad: async () => ({ ...runtime, propagationMs: 0 }),
    stop: async () => viceroy.stop(),
  };
  return runtime;
}
