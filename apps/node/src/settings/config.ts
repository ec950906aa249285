import type { Setting } from "@edgezero/settings";
import { defineSetting, valueThat } from "@edgezero/settings";
import { CONFIG_FORMS, locateConfig } from "@edgezero/stores/gateway-stores";
import { DEFAULT_CONFIG } from "../default-config.ts";

/** The path of the config file, or the URL of a remote store as it was given. */
export const EDGEZERO_CONFIG: Setting<string, string> = defineSetting({
  name: "EDGEZERO_CONFIG",
  ...valueThat(
    (text) => locateConfig(text) !== null,
    (text) => locateConfig(text)?.text ?? text,
    CONFIG_FORMS,
  ),
  default: DEFAULT_CONFIG,
  shownDefault: "the app's `rollout.json`",
  meaning:
    "The place of the rollout's keys: the path or `file:` URL of the config file, or the `redis://` URL of a server. Where `main.js` runs alone, there is no default file: set it.",
});
