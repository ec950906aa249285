import { apiBaseFrom } from "../cloud/access.ts";
import type { StoreEnv, StoreKind } from "../store-kind.ts";
import { parseCloudflareUrl } from "./location.ts";

/** The address of the API: Cloudflare's own, unless a variable names another. @throws StoreSetupError */
export function cloudflareApi(env: StoreEnv): string {
  return apiBaseFrom(env, "EDGEZERO_CLOUDFLARE_API_URL", "https://api.cloudflare.com/client/v4");
}

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
  apiUrl: cloudflareApi,
  shown: (url) => parseCloudflareUrl(url)?.shown ?? null,
  load: async () => import("./operator.ts"),
};
