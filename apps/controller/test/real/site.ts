import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import { startNginxGateway } from "@edgezero/testbed/nginx/nginx-gateway";
import { startNodeGateway } from "@edgezero/testbed/node/start-node-gateway";
import type { Load } from "./load.ts";
import { startLoad } from "./load.ts";
import type { MetricsProxy } from "./metrics-proxy.ts";
import { startMetricsProxy } from "./metrics-proxy.ts";
import type { Origin } from "./origin.ts";
import { startOrigin } from "./origin.ts";

export const PROBE_SECRET = "a-secret-of-probes-that-is-long-enough";

/** The variables of whoever signs probes. */
export const OPERATOR_VARIABLES: Readonly<Record<string, string>> = {
  EDGEZERO_PROBE_SECRET: PROBE_SECRET,
};

/** What a site needs of its gateway. */
interface Gateway {
  readonly url: string;
  readonly metrics: string;
  stop(): Promise<void>;
}

/** How a site is set up. */
export interface SiteOptions {
  readonly perSecond?: number;
  /** The file that the gateway follows, where it is another one. */
  readonly gatewayStore?: string;
  /** How many workers of nginx are the gateway; it runs on Node unless given. */
  readonly nginxWorkers?: number;
  /** Gives the source of evidence by the URL of the gateway's metrics page. Default: the page itself. */
  readonly evidenceOf?: (page: string) => Promise<string | object>;
}

/** A gateway process in front of two origins, with a file as its store and a config file beside that. */
export interface Site {
  readonly folder: string;
  readonly store: string;
  readonly config: string;
  readonly trail: string;
  readonly legacy: Origin;
  readonly edgezero: Origin;
  readonly gateway: Gateway;
  readonly metrics: MetricsProxy;
  readonly load: Load;
  stop(): Promise<void>;
}

/** Writes a store as somebody else does. */
export function writeStore(path: string, pct: number): void {
  const values = { [EDGEZERO_ENABLED_KEY]: "true", [EDGEZERO_ROLLOUT_PCT_KEY]: String(pct) };
  writeFileSync(path, JSON.stringify(values));
}

/** Starts all of it. */
export async function startSite(
  plan: object,
  {
    perSecond = 250,
    gatewayStore = "rollout.json",
    nginxWorkers,
    evidenceOf = async (page) => `scrape:${page}`,
  }: SiteOptions = {},
): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-site-"));
  const store = join(folder, "rollout.json");
  const followed = join(folder, gatewayStore);
  for (const path of new Set([store, followed])) writeStore(path, 0);
  const legacy = await startOrigin();
  const edgezero = await startOrigin();
  const settings = { EDGEZERO_CONFIG: followed, PROBE_SECRET };
  const gateway: Gateway =
    nginxWorkers === undefined
      ? await startNodeGateway({
          ...settings,
          LEGACY_ORIGIN: legacy.url,
          EDGEZERO_ORIGIN: edgezero.url,
          METRICS_PORT: "0",
          LOG_LEVEL: "info",
        })
      : await startNginxGateway({
          settings,
          origins: { legacy: legacy.url, edgezero: edgezero.url },
          workers: nginxWorkers,
        });
  const metrics = await startMetricsProxy(gateway.metrics);
  const config = join(folder, "edgezero.config.json");
  const production = {
    store: "file:./rollout.json",
    urls: [gateway.url],
    instances: nginxWorkers ?? 1,
    probe: { secretEnv: "EDGEZERO_PROBE_SECRET" },
    evidence: [await evidenceOf(metrics.url)],
    plan,
  };
  const content = { defaultEnvironment: "production", environments: { production } };
  writeFileSync(config, JSON.stringify(content, null, 2));
  const load = startLoad(gateway.url, perSecond);
  return {
    folder,
    store,
    config,
    trail: join(folder, "rollout.audit.jsonl"),
    legacy,
    edgezero,
    gateway,
    metrics,
    load,
    async stop() {
      await load.stop();
      await gateway.stop();
      await Promise.all([legacy.close(), edgezero.close(), metrics.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
