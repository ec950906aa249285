import type { OwnSettings } from "../src/index.ts";
import { defineSetting, textThat } from "../src/index.ts";

/** Stands for the settings that the Node gateway defines. */
export const OWN_SETTINGS: OwnSettings<string, string> = {
  EDGEZERO_CONFIG: defineSetting({
    name: "EDGEZERO_CONFIG",
    ...textThat((text) => text.endsWith(".json"), "a path"),
    default: "rollout.json",
    meaning: "The config file.",
  }),
  TRUST_PROXY: defineSetting({
    name: "TRUST_PROXY",
    ...textThat((text) => text === "loopback", "loopback"),
    default: null,
    meaning: "The trusted proxies.",
  }),
};
