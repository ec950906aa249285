import type { StoreKind } from "../store-kind.ts";
import { parseCloudflareUrl } from "./location.ts";

/** Workers KV. */
export const CLOUDFLARE: StoreKind = {
  name: "Cloudflare KV",
  schemes: ["cloudflare"],
  form: "cloudflare://<account>/<namespace>",
  propagation: {
    // KV's 60 seconds, and the 5 seconds that a Worker remembers unless CONFIG_MAX_AGE_MS is set.
    ms: 65_000,
    text: "KV is eventually consistent: 60 seconds or more, and what the Worker remembers, 5 seconds unless set",
  },
  shown: (url) => parseCloudflareUrl(url)?.shown ?? null,
  load: async () => import("./operator.ts"),
};
