import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Setting } from "@edgezero/settings";
import { defineSetting, valueThat } from "@edgezero/settings";
import { isRedisUrl, parseRedisUrl } from "@edgezero/stores/redis/location";
import { DEFAULT_CONFIG } from "../default-config.ts";

/** The path of the config file, or the URL of a Redis server as it was given. */
export const EDGEZERO_CONFIG: Setting<string, string> = defineSetting({
  name: "EDGEZERO_CONFIG",
  ...valueThat(
    (text) => !isUrl(text) || isFileUrl(text) || parseRedisUrl(text) !== null,
    toPathOrUrl,
    "a path, a file: URL, or redis://host:port (rediss:// for TLS) with no parameter but key",
  ),
  default: DEFAULT_CONFIG,
  shownDefault: "the app's `rollout.json`",
  meaning:
    "The place of the rollout's keys: the path or `file:` URL of the config file, or the `redis://` URL of a server. Where `main.js` runs alone, there is no default file: set it.",
});

function toPathOrUrl(text: string): string {
  if (isRedisUrl(text)) return text;
  return text.startsWith("file:") ? fileURLToPath(text) : resolve(text);
}

function isUrl(text: string): boolean {
  return text.startsWith("file:") || isRedisUrl(text) || /^[a-z][a-z0-9+.-]+:\/\//i.test(text);
}

function isFileUrl(text: string): boolean {
  try {
    return fileURLToPath(text) !== "";
  } catch {
    return false;
  }
}
