import { signedProbe } from "@edgezero/operations/probe/probe";
import type { ProbeAnswer } from "@edgezero/rollout/probe";
import { startNodeGateway } from "@edgezero/testbed/node/start-node-gateway";
import { startLoad } from "./load.ts";
import type { Origin } from "./origin.ts";
import { startOrigin } from "./origin.ts";
import type { SharedGateways } from "./shared-site.ts";
import { PROBE_SECRET } from "./site.ts";

const COUNT = 4;
/** Requests to each gateway. */
const PER_SECOND = 25;

/** Four processes of the Node gateway in front of two origins, with clients that ask all of them. */
export interface FourGateways extends SharedGateways {
  readonly edgezero: Origin;
  /** Answers to clients so far, by their status; 0: no answer. */
  statuses(): ReadonlyMap<number, number>;
  /** The answer of each gateway to a signed probe; `null` where there is none. */
  answers(): Promise<readonly (ProbeAnswer | null)[]>;
}

/** @param store The URL that all of them read. */
export async function startFourGateways(store: string): Promise<FourGateways> {
  const legacy = await startOrigin();
  const edgezero = await startOrigin();
  const settings = {
    EDGEZERO_CONFIG: store,
    PROBE_SECRET,
    LEGACY_ORIGIN: legacy.url,
    EDGEZERO_ORIGIN: edgezero.url,
    METRICS_PORT: "0",
  };
  const gateways = await Promise.all(
    Array.from({ length: COUNT }, async () => startNodeGateway(settings)),
  );
  const loads = gateways.map(({ url }) => startLoad(url, PER_SECOND));
  const urls = gateways.map(({ url }) => url);
  const pages = gateways.map(({ metrics }) => metrics);

  return {
    edgezero,
    settings: {
      urls,
      instances: 1,
      probe: { secretEnv: "EDGEZERO_PROBE_SECRET" },
      evidence: [`scrape:${pages.join(",")}`],
    },
    failing: (part) => void (edgezero.failing = part),
    statuses() {
      const all = new Map<number, number>();
      for (const [status, count] of loads.flatMap((load) => [...load.statuses])) {
        all.set(status, (all.get(status) ?? 0) + count);
      }
      return all;
    },
    async answers() {
      const probes = urls.map(async (url) =>
        signedProbe({ url, secret: PROBE_SECRET, bucket: 0, skewMs: 0 }),
      );
      return (await Promise.all(probes)).map(({ probe }) => probe);
    },
    async close() {
      await Promise.all(loads.map(async (load) => load.stop()));
      await Promise.all(gateways.map(async (gateway) => gateway.stop()));
      await Promise.all([legacy.close(), edgezero.close()]);
    },
  };
}
