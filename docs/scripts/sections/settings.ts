import type { Schema, Setting } from "@edgezero/settings";
import {
  CLOUDFLARE_SETTINGS,
  CONTROLLER_SETTINGS,
  FASTLY_SECRETS,
  FASTLY_SETTINGS,
  NGINX_SETTINGS,
} from "@edgezero/settings";
import { NODE_SETTINGS } from "@edgezero/node/settings";
import { code, table } from "../markdown.ts";

const HEAD = ["setting", "default", "allowed", "what it does"];

/** What an operator can set, by process: an import and a line for each. */
const SCHEMAS: Readonly<Record<string, Schema>> = {
  node: NODE_SETTINGS,
  cloudflare: CLOUDFLARE_SETTINGS,
  nginx: NGINX_SETTINGS,
  // The settings of a build, and the secrets of its service.
  fastly: { ...FASTLY_SETTINGS, ...FASTLY_SECRETS },
  controller: CONTROLLER_SETTINGS,
};

/** The tables of settings, by the names of their sections: `settings-node` and so on. */
export const SETTINGS_SECTIONS: Readonly<Record<string, () => string>> = Object.fromEntries(
  Object.entries(SCHEMAS).map(([gateway, schema]) => [
    `settings-${gateway}`,
    () => section(schema),
  ]),
);

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
