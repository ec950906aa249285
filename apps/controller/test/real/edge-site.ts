import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfigValues } from "@edgezero/testbed/contracts/config-store";
import type { OriginUrls } from "@edgezero/testbed/upstream";
import type { Load } from "./load.ts";
import { startLoad } from "./load.ts";
import type { Origin } from "./origin.ts";
import { startOrigin } from "./origin.ts";
import type { Repeated } from "./repeat.ts";
import { repeat } from "./repeat.ts";
import { OPERATOR_VARIABLES } from "./site.ts";

/** A gateway of an edge platform, as that runs on this machine. */
export interface EdgeGateway {
  readonly url: string;
  /** Gives its config store these values. */
  write(values: ConfigValues): Promise<void>;
  stop(): Promise<void>;
}

/** What an edge platform is on this machine: its runtime, and a server that holds to its published API. */
export interface EdgePlatform {
  /** The store's URL. */
  readonly store: string;
  /** Variables by which the controller reaches the store. */
  readonly variables: Readonly<Record<string, string>>;
  /** The header that names the client; `null`: the socket does. */
  readonly clientHeader: string | null;
  /** The values that the API has now. */
  values(): ConfigValues;
  start(origins: OriginUrls, onLine: (line: string) => void): Promise<EdgeGateway>;
  close(): Promise<void>;
}

/** A gateway that ships its events, in front of two origins. */
export interface EdgeSite {
  readonly folder: string;
  readonly config: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly legacy: Origin;
  readonly edgezero: Origin;
  readonly load: Load;
  /** Posts the events to a controller from now on, as a log endpoint does. */
  shipTo(controller: string): void;
  /** Ends that; rejects where a post was refused. */
  stopShipping(): Promise<void>;
  stop(): Promise<void>;
}

const INGEST_TOKEN = "a-token-of-those-that-post-events-here";
/** How long an endpoint gathers lines. */
const SHIPPED_EACH_MS = 250;
/** How long a value takes from the API to the gateway. */
const COPIED_EACH_MS = 100;
/** How late events may be here. */
export const DELAY_MS = 1500;

export async function startEdgeSite(
  platform: EdgePlatform,
  plan: object,
  perSecond: number,
): Promise<EdgeSite> {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-edge-"));
  const [legacy, edgezero] = [await startOrigin(), await startOrigin()];
  let lines: string[] = [];
  const origins = { legacy: legacy.url, edgezero: edgezero.url };
  const gateway = await platform.start(origins, (line) => void lines.push(line));
  // Before many ask at once, it has read its store.
  await gateway.write(platform.values());
  await (await fetch(gateway.url)).arrayBuffer();
  let copied = "";
  const copying = repeat(COPIED_EACH_MS, async () => {
    const values = platform.values();
    if (JSON.stringify(values) === copied) return;
    await gateway.write(values);
    copied = JSON.stringify(values);
  });
  let shipping: Repeated | null = null;
  const production = {
    store: platform.store,
    urls: [gateway.url],
    probe: { secretEnv: "EDGEZERO_PROBE_SECRET" },
    evidence: [{ url: "events:", delayMs: DELAY_MS }],
    plan,
  };
  const config = join(folder, "edgezero.config.json");
  const content = { defaultEnvironment: "production", environments: { production } };
  writeFileSync(config, JSON.stringify(content, null, 2));
  const load = startLoad(gateway.url, perSecond, platform.clientHeader);
  return {
    folder,
    config,
    variables: { ...OPERATOR_VARIABLES, ...platform.variables, INGEST_TOKEN },
    legacy,
    edgezero,
    load,
    shipTo(controller) {
      shipping = repeat(SHIPPED_EACH_MS, async () => {
        const body = lines;
        lines = [];
        if (body.length > 0) await post(controller, body);
      });
    },
    stopShipping: async () => shipping?.stop(),
    async stop() {
      await load.stop();
      await copying.stop();
      await gateway.stop();
      await Promise.all([legacy.close(), edgezero.close(), platform.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function post(controller: string, lines: readonly string[]): Promise<void> {
  const response = await fetch(`${controller}/api/v1/ingest/production`, {
    method: "POST",
    headers: { authorization: `Bearer ${INGEST_TOKEN}`, "content-type": "application/x-ndjson" },
    body: `${lines.join("\n")}\n`,
  });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
}
