import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import { startFakeCloudflare } from "@edgezero/testbed/cloud/fake-cloudflare";
import { startWorkerd } from "@edgezero/testbed/cloudflare/miniflare";
import type { EdgePlatform } from "./edge-site.ts";
import { PROBE_SECRET } from "./site.ts";

const ACCOUNT = "0123456789abcdef0123456789abcdef";
const NAMESPACE = "fedcba9876543210fedcba9876543210";
const TOKEN = "a-token-of-cloudflare";

/** The Worker in workerd, and a server that holds to the published API of KV. */
export async function startCloudflare(): Promise<EdgePlatform> {
  const api = await startFakeCloudflare();
  const pairs = new Map([
    [EDGEZERO_ENABLED_KEY, { value: Buffer.from("true") }],
    [EDGEZERO_ROLLOUT_PCT_KEY, { value: Buffer.from("0") }],
  ]);
  api.namespaces.set(`${ACCOUNT}/${NAMESPACE}`, pairs);
  api.tokens.set(TOKEN, "Workers KV Storage Write");
  return {
    store: `cloudflare://${ACCOUNT}/${NAMESPACE}`,
    variables: { CLOUDFLARE_API_TOKEN: TOKEN, EDGEZERO_CLOUDFLARE_API_URL: api.url },
    clientHeader: "cf-connecting-ip",
    values: () => Object.fromEntries([...pairs].map(([key, { value }]) => [key, String(value)])),
    async start(origins, onLogLine) {
      const worker = await startWorkerd({
        origins,
        variables: { PROBE_SECRET, EVENT_SAMPLE_RATE: "1", LOG_LEVEL: "warn" },
        kv: "real",
        configMaxAgeMs: 500,
        onLogLine,
      });
      const namespace = await worker.namespace();
      return {
        url: worker.url,
        async write(values) {
          for (const [key, value] of Object.entries(values)) await namespace.put(key, value);
        },
        stop: async () => worker.stop(),
      };
    },
    close: async () => api.close(),
  };
}
