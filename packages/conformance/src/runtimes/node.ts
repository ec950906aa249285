import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import { startNodeGateway } from "@edgezero/testbed/node/start-node-gateway";
import type { OriginUrls } from "@edgezero/testbed/upstream";
import { isLoopback, VECTOR_CLIENTS } from "../known-clients.ts";
import { collectLog } from "../log-lines.ts";
import type { GatewaySettings, Runtime, RuntimeUnderTest } from "../runtime.ts";
import { DEFAULT_SETTINGS } from "../runtime.ts";
import { allTo } from "../stage.ts";

/**
 * The Node gateway's own process. Clients in 127.0.0.0/8 are real sockets. The others stand behind
 * a trusted proxy, before a second process with the same config file.
 */
export const node: Runtime = {
  name: "node",
  eventRuntime: "node",
  tellsEnding: true,
  tellsUpgrades: true,
  sendsClientHost: true,
  hearsEarlyAnswers: true,
  sendsAgain: true,
  logsOriginFaults: true,
  bodyOfGet: { "of known length": true, "in chunks": true },
  takesMalformed: {},
  mostHeaders: 200,
  seesMethodOfUpgrade: true,
  keepsInstance: true,
  clients: VECTOR_CLIENTS,
  unreadableKeys: [EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY],
  platformHeaders: [],
  keepsEncodedBodies: true,
  start,
};

async function start(
  origins: OriginUrls,
  settings: GatewaySettings = {},
): Promise<RuntimeUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-node-"));
  const config = join(folder, "rollout.json");
  const { log, events, collect } = collectLog();
  const env = {
    EDGEZERO_CONFIG: config,
    LEGACY_ORIGIN: origins.legacy,
    EDGEZERO_ORIGIN: origins.edgezero,
    LOG_LEVEL: "debug",
    METRICS_PORT: "0",
    ...DEFAULT_SETTINGS,
    ...settings,
  };
  const launch = async (more: Record<string, string>) =>
    startNodeGateway({ ...env, ...more }, { onLine: collect });
  const [direct, proxied] = await Promise.all([launch({}), launch({ TRUST_PROXY: "loopback" })]);

  function write(values: unknown): void {
    writeFileSync(`${config}.new`, JSON.stringify(values));
    renameSync(`${config}.new`, config);
  }

  const runtime: RuntimeUnderTest = {
    log,
    events,
    route(clientIp = "127.0.0.1") {
      if (isLoopback(clientIp)) return { url: direct.url, localAddress: clientIp };
      return { url: proxied.url, headers: { "x-forwarded-for": clientIp } };
    },
    async write(values) {
      if (values === null) rmSync(config, { force: true });
      else write(values);
    },
    async makeUnreadable(key) {
      // A value that is not a string.
      write({ ...allTo("edgezero"), [key]: 100 });
    },
    underLoad: async () => ({ ...runtime, propagationMs: 0 }),
    async stop() {
      await Promise.all([direct.stop(), proxied.stop()]);
      rmSync(folder, { recursive: true });
    },
  };
  return runtime;
}
