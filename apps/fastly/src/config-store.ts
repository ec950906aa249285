import type { ConfigStore } from "@edgezero/rollout";
import { createConfigStore } from "@edgezero/stores/fastly/reader";
import { ConfigStore as FastlyConfigStore } from "fastly:config-store";

/** The service's config store, under the reference's name unless another is given. */
export function openConfigStore(name?: string): ConfigStore {
  return createConfigStore((linked) => new FastlyConfigStore(linked), name);
}
