import type { Schema, Setting } from "@edgezero/settings";
import { CLOUDFLARE_SETTINGS, FASTLY_SECRETS, FASTLY_SETTINGS } from "@edgezero/settings";
import { NODE_SETTINGS } from "@edgezero/node/settings";
import { code, table } from "../markdown.ts";

const HEAD = ["setting", "default", "allowed", "what it does"];

/** The settings of the Node gateway. */
export function nodeSection(): string {
  return section(NODE_SETTINGS);
}

/** The settings of the Worker. */
export function cloudflareSection(): string {
  return section(CLOUDFLARE_SETTINGS);
}

/** The settings of a build for Fastly, and the secrets of its service. */
export function fastlySection(): string {
  return section({ ...FASTLY_SETTINGS, ...FASTLY_SECRETS });
}

function section(schema: Schema): string {
  const rows = Object.values(schema).map((setting) => [
    code(setting.name),
    shownDefault(setting),
    setting.allowed,
    setting.meaning,
  ]);
  return table(HEAD, rows);
}

function shownDefault(setting: Setting): string {
  const text = setting.shipped ?? setting.default;
  return setting.shownDefault ?? (text === null ? "none" : code(text));
}
