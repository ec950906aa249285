import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import { scrapeText } from "@edgezero/testbed/metrics-page";
import { nginxMissing } from "@edgezero/testbed/nginx/nginx";
import type { NginxGateway, NginxGatewayOptions } from "@edgezero/testbed/nginx/nginx-gateway";
import { startNginxGateway } from "@edgezero/testbed/nginx/nginx-gateway";
import type { OriginUrls } from "@edgezero/testbed/upstream";
import { isLoopback, VECTOR_CLIENTS } from "../known-clients.ts";
import { collectLog } from "../log-lines.ts";
import type { GatewaySettings, Runtime, RuntimeUnderTest } from "../runtime.ts";
import { DEFAULT_SETTINGS } from "../runtime.ts";
import { allTo } from "../stage.ts";

/** How long a worker may take to obey a change, with a margin for a busy machine. */
const PROPAGATION_MS = 250;

/**
 * nginx's own process, as its example sets it up. Clients in 127.0.0.0/8 are real sockets. The others
 * stand behind a trusted proxy, before a second process with the same config file.
 */
export const nginx: Runtime = {
  name: "nginx",
  eventRuntime: "nginx",
  tellsEnding: true,
  tellsUpgrades: true,
  sendsClientHost: true,
  hearsEarlyAnswers: "nginx takes a large body that its origin no longer reads for a failed origin",
  sendsAgain: true,
  logsOriginFaults: "nginx says it in its error log, in words of its own",
  bodyOfGet: { "of known length": true, "in chunks": true },
  ...(nginxMissing === undefined ? {} : { missing: nginxMissing }),
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

/** Makes a trusted proxy of every local peer, as a site does with nginx's own module. */
const BEHIND_PROXY = `
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Forwarded-For;`;

async function start(
  origins: OriginUrls,
  settings: GatewaySettings = {},
): Promise<RuntimeUnderTest> {
  const { log, events, collect } = collectLog();
  const { UPSTREAM_TIMEOUT_MS, ...given } = { ...DEFAULT_SETTINGS, ...settings };
  const onLine = (line: string): void => {
    const before = events.length;
    collect(line);
    // nginx writes no line for each decision: its event says the same.
    log.push(...events.slice(before));
  };
  const launch = async (more: Partial<NginxGatewayOptions>): Promise<NginxGateway> =>
    startNginxGateway({
      origins,
      settings: given,
      timeoutMs: Number(UPSTREAM_TIMEOUT_MS),
      onLine,
      ...more,
    });
  const direct = await launch({});
  const proxied = await launch({
    server: BEHIND_PROXY,
    settings: { ...given, EDGEZERO_CONFIG: direct.config },
  });

  const gateways = [direct, proxied];

  /** The page of the metrics shows what the file holds, so a worker reads it for that. */
  async function obeyed(content: unknown): Promise<void> {
    direct.write(content);
    await Promise.all(gateways.map(async ({ metrics }) => scrapeText(metrics)));
  }

  const runtime: RuntimeUnderTest = {
    log,
    events,
    route(clientIp = "127.0.0.1") {
      if (isLoopback(clientIp)) return { url: direct.url, localAddress: clientIp };
      return { url: proxied.url, headers: { "x-forwarded-for": clientIp } };
    },
    write: obeyed,
    async makeUnreadable(key) {
      // A value that is not a string.
      await obeyed({ ...allTo("edgezero"), [key]: 100 });
    },
    async underLoad() {
      let hasBegun = false;
      return {
        ...runtime,
        // The first write comes before the load; the timers of the processes find the others.
        async write(values) {
          if (hasBegun) return direct.write(values);
          hasBegun = true;
          await obeyed(values);
        },
        propagationMs: PROPAGATION_MS,
      };
    },
    async stop() {
      await proxied.stop();
      await direct.stop();
    },
  };
  return runtime;
}
