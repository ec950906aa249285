import type { Values } from "@edgezero/settings";
import { nodeSettings, readSettings as read } from "@edgezero/settings";
import { EDGEZERO_CONFIG } from "../config-store/location.ts";
import { TRUST_PROXY } from "./trust-proxy.ts";

/** The gateway's settings: name, default, rule and meaning of each. */
export const NODE_SETTINGS = nodeSettings({ EDGEZERO_CONFIG, TRUST_PROXY });

/** The gateway's settings, checked. */
export type Settings = Values<typeof NODE_SETTINGS>;

/**
 * Reads the settings from environment variables. A variable that is empty counts as not set.
 *
 * @throws SettingsError when any is not valid.
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  return read(NODE_SETTINGS, (name) => env[name]);
}
