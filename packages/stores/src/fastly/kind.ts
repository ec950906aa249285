import type { StoreEnv, StoreKind } from "../store-kind.ts";
import { apiBaseFrom } from "../cloud/access.ts";
import { parseFastlyUrl } from "./location.ts";

/** The address of the API: Fastly's own, unless a variable names another. @throws StoreSetupError */
export function fastlyApi(env: StoreEnv): string {
  return apiBaseFrom(env, "EDGEZERO_FASTLY_API_URL", "https://api.fastly.com");
}

/** Fastly's Config Store. */
export const FASTLY: StoreKind = {
  name: "Fastly Config Store",
  schemes: ["fastly"],
  form: "fastly://<store-id>",
  propagation: {
    ms: null,
    text: "Fastly's config stores are eventually consistent, with no time stated",
  },
  apiUrl: fastlyApi,
  shown: (url) => parseFastlyUrl(url)?.shown ?? null,
  load: async () => import("./operator.ts"),
};
