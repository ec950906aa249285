import { fileURLToPath } from "node:url";
import type { BuildEnvironment } from "@edgezero/fastly/compile";
import { findViceroy } from "@edgezero/fastly/viceroy";
import { FASTLY_SECRETS, FASTLY_SETTINGS } from "@edgezero/settings";
import type { ViceroyOptions } from "@edgezero/testbed/fastly/viceroy";
import { startViceroy } from "@edgezero/testbed/fastly/viceroy";
import type { OriginUrls } from "@edgezero/testbed/upstream";
import { loopbackClients } from "../known-clients.ts";
import { collectLog } from "../log-lines.ts";
import type { GatewaySettings, Runtime, RuntimeUnderTest } from "../runtime.ts";
import { DEFAULT_SETTINGS } from "../runtime.ts";

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
  keepsInstance: "Fastly starts another sandbox at any time",
  tellsUpgrades: "Fastly hands a WebSocket over before its origin answers",
  clients: loopbackClients(520),
  // Viceroy takes a store whole, or not at all.
  unreadableKeys: [],
  platformHeaders: [],
  keepsEncodedBodies: true,
  start: async (origins, settings) => start(settings, { origins, hasConfigStore: true }),
};

/** The same, as a service to which no config store is linked. */
export async function startWithoutStore(origins: OriginUrls): Promise<RuntimeUnderTest> {
  return start({}, { origins, hasConfigStore: false });
}

/** The same, of a build that does not refuse settings that are not valid. */
export async function startUnchecked(
  origins: OriginUrls,
  settings: GatewaySettings,
): Promise<RuntimeUnderTest> {
  return start(settings, { origins, hasConfigStore: true, isBuildChecked: false });
}

async function start(
  settings: GatewaySettings | undefined,
  options: Omit<ViceroyOptions, "source">,
): Promise<RuntimeUnderTest> {
  const { log, events, collect } = collectLog();
  const viceroy = await startViceroy({
    source: GATEWAY,
    build: buildEnvironment({ ...settings }),
    secrets: secretsOf(settings ?? {}),
    onLine: collect,
    ...options,
  });
  const runtime: RuntimeUnderTest = {
    log,
    events,
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

function secretsOf(settings: GatewaySettings): Record<string, string | undefined> {
  const keys = Object.keys(FASTLY_SECRETS) as (keyof typeof FASTLY_SECRETS)[];
  return Object.fromEntries(keys.map((key) => [FASTLY_SECRETS[key].name, settings[key]]));
}

/** Settings are of the build, so that here they can be others than in production. */
function buildEnvironment(settings: GatewaySettings): BuildEnvironment {
  const given: GatewaySettings = { ...DEFAULT_SETTINGS, ...settings };
  const keys = Object.keys(FASTLY_SETTINGS) as (keyof typeof FASTLY_SETTINGS)[];
  const named = keys.map((key) => [FASTLY_SETTINGS[key].name, given[key]] as const);
  return Object.fromEntries(named.filter(([, text]) => text !== undefined));
}
