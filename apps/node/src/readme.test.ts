import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readSettings } from "./settings/settings.ts";

const README = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const ROWS = [...README.matchAll(/^\| `([A-Z_]+)` +\| (.+?) +\| .+ \|$/gm)];
/** Settings without a default. */
const UNSET = ["LEGACY_ORIGIN", "EDGEZERO_ORIGIN", "EVENT_SAMPLE_RATE", "FORCE_SECRET"];

test("the README's table names every setting, with its default", () => {
  const documented = Object.fromEntries(ROWS.map(([, name, value]) => [name, value]));
  const shown = Object.entries(readSettings({})).map(([name, value]) => [name, show(name, value)]);
  const unset = Object.fromEntries(UNSET.map((name) => [name, "none"]));
  expect(documented).toEqual({ ...unset, ...Object.fromEntries(shown) });
});

function show(name: string, value: unknown): string {
  if (name === "EDGEZERO_CONFIG") return "the app's `rollout.json`";
  return Array.isArray(value) && value.length === 0 ? "none" : `\`${String(value)}\``;
}
