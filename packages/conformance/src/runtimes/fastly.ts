import { fileURLToPath } from "node:url";
import type { BuildEnvironment } from "@edgezero/fastly/compile";
import { findViceroy } from "@edgezero/fastly/viceroy";
import { FASTLY_SECRETS, FASTLY_SETTINGS } from "@edgezero/settings";
import type { ViceroyOptions } from "@edgezero/testbed/fastly/viceroy";
import { startViceroy } from "@edgezero/testbed/fastly/viceroy";
import type { OriginUrls } from "@edgezero/testbed/upstream";
import { loopbackClients } from "../known-clients.ts";
import { collectLog, endpointTexts } from "../log-lines.ts";
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
  sendsClientHost: true,
  hearsEarlyAnswers: "Viceroy gives an exchange up when it cannot send all of the body",
  sendsAgain: "Viceroy keeps no connection to an origin",
  logsOriginFaults: true,
  bodyOfGet: { "of known length": 400, "in chunks": 400 },
  takesMalformed: {
    "no Host": "closed",
    "an upgrade without Host": "closed",
    "an unknown transfer coding": 400,
    "a length beside chunks": "served",
  },
  mostHeaders: 90,
  seesMethodOfUpgrade: true,
  keepsInstance: "Fastly starts another sandbox at any time",
  tellsUpgrades: "Fastly hands a WebSocket over before its origin answers",
  clients: loopbackClients(520),
  // Viceroy takes a store whole, or not at all.
  unreadableKeys: [],
  platformHeaders: [],
  keepsEncodedBodies: true,
  start: async (origins, settings) => start(settings, { origins, hasConfigStore: true }),
};

/** The same program, in a service without a config store. */
export async function startWithoutStore(origins: OriginUrls): Promise<RuntimeUnderTest> {
  return start({}, { origins, hasConfigStore: false });
}

/** The same program, built without the check of its settings. */
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
    // Locally the gateway writes each line of its log to standard output too, at some time after it.
    onLine: (line) => endpointTexts(line).forEach(collect),
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

/** Makes the settings variables of the build, so that they can differ from production. */
function buildEnvironment(settings: GatewaySettings): BuildEnvironment {
  const given: GatewaySettings = { ...DEFAULT_SETTINGS, ...settings };
  const keys = Object.keys(FASTLY_SETTINGS) as (keyof typeof FASTLY_SETTINGS)[];
  const named = keys.map((key) => [FASTLY_SETTINGS[key].name, given[key]] as const);
  return Object.fromEntries(named.filter(([, text]) => text !== undefined));
}
