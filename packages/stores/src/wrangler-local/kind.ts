import type { StoreKind } from "../store-kind.ts";
import { parseWranglerUrl } from "./location.ts";

/** The local KV of `wrangler dev`. */
export const WRANGLER_LOCAL: StoreKind = {
  name: "Wrangler's local KV",
  schemes: ["wrangler-local"],
  form: "wrangler-local:",
  propagation: {
    // The local KV itself takes no time.
    ms: 5000,
    text: "at once, after what the Worker remembers, 5 seconds unless CONFIG_MAX_AGE_MS is set",
  },
  shown: (url) => parseWranglerUrl(url)?.shown ?? null,
  load: async () => import("./operator.ts"),
};
