import type { StoreKind } from "../store-kind.ts";
import { parseFastlyUrl } from "./location.ts";

/** Fastly's Config Store. */
export const FASTLY: StoreKind = {
  name: "Fastly Config Store",
  schemes: ["fastly"],
  form: "fastly://<store-id>",
  propagation: {
    ms: null,
    text: "Fastly's config stores are eventually consistent, with no time stated",
  },
  shown: (url) => parseFastlyUrl(url)?.shown ?? null,
  load: async () => import("./operator.ts"),
};
