import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { NODE_SETTINGS } from "./settings/settings.ts";

const README = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const ROWS = [...README.matchAll(/^\| `([A-Z_]+)` +\| (.+?) +\| .+ \|$/gm)];

test("the README's table names every setting, with its default", () => {
  const documented = Object.fromEntries(ROWS.map(([, name, value]) => [name, value]));
  const defaults = Object.values(NODE_SETTINGS).map((setting) => {
    const shown = setting.default === null ? "none" : `\`${setting.default}\``;
    return [setting.name, setting.shownDefault ?? shown];
  });
  expect(documented).toEqual(Object.fromEntries(defaults));
});
