import type { Setting } from "@edgezero/settings";
import { defineSetting, valueFrom } from "@edgezero/settings";
import type { ConfigLocation } from "@edgezero/stores/gateway-store";
import { CONFIG_FORMS, locateConfig } from "@edgezero/stores/gateway-stores";
import { DEFAULT_CONFIG } from "../default-config.ts";

/** The place of the config store, and how it is opened. */
export const EDGEZERO_CONFIG: Setting<ConfigLocation, string> = defineSetting({
  name: "EDGEZERO_CONFIG",
  ...valueFrom(locateConfig, CONFIG_FORMS),
  default: DEFAULT_CONFIG,
  shownDefault: "the app's `rollout.json`",
  meaning:
    "The place of the rollout's keys. Installed as a package, the default is `rollout.json` in the folder of the start. Where `main.js` runs alone, there is no default file: set it.",
});
