import { readFileSync } from "node:fs";
import { CLOUDFLARE_SETTINGS, SettingsError } from "@edgezero/settings";
import { describe, expect, test } from "vitest";
import { unstable_readConfig } from "wrangler";
import type { WorkerSettings } from "./settings.ts";
import { readWorkerSettings } from "./settings.ts";

const AGE = "a whole number from 0 to 600000";

function read(env: Readonly<Record<string, unknown>>, wereChecked = false): WorkerSettings {
  return readWorkerSettings((name) => env[name], wereChecked);
}

test.each([
  { text: undefined, ms: 5000 },
  { text: "", ms: 5000 },
  { text: "0", ms: 0 },
  { text: "1", ms: 1 },
  { text: "2500", ms: 2500 },
  { text: "600000", ms: 600_000 },
])("CONFIG_MAX_AGE_MS $text is $ms", ({ text, ms }) => {
  expect(read({ CONFIG_MAX_AGE_MS: text }).settings.CONFIG_MAX_AGE_MS).toBe(ms);
});

test.each([" ", "soon", "-1", "600001", "Infinity"])(
  "CONFIG_MAX_AGE_MS %j stops the start, and never counts as another value",
  (text) => {
    const message = `CONFIG_MAX_AGE_MS is ${JSON.stringify(text)}: it must be ${AGE}`;
    expect(() => read({ CONFIG_MAX_AGE_MS: text })).toThrow(message);
  },
);

test("no origin is the built-in handlers", () => {
  const { settings } = read({ LEGACY_ORIGIN: "", EDGEZERO_ORIGIN: "" });
  expect([settings.LEGACY_ORIGIN, settings.EDGEZERO_ORIGIN]).toEqual([undefined, undefined]);
});

test("two origins are two origins", () => {
  const { settings } = read({
    LEGACY_ORIGIN: "https://legacy.example.com",
    EDGEZERO_ORIGIN: "http://127.0.0.1:9102/",
  });
  expect(settings.LEGACY_ORIGIN?.href).toBe("https://legacy.example.com/");
  expect(settings.EDGEZERO_ORIGIN?.href).toBe("http://127.0.0.1:9102/");
});

test.each([
  ["EDGEZERO_ORIGIN", "https://legacy.example.com", ""],
  ["LEGACY_ORIGIN", "", "https://edgezero.example.com"],
  ["LEGACY_ORIGIN", "legacy.example.com", "https://edgezero.example.com"],
  ["EDGEZERO_ORIGIN", "https://legacy.example.com", "https://edgezero.example.com/base"],
  ["EDGEZERO_ORIGIN", "https://legacy.example.com", "ftp://edgezero.example.com"],
  ["EDGEZERO_ORIGIN", "https://legacy.example.com", "https://user:secret@edgezero.example.com"],
])("a bad %s stops the start: %j, %j", (name, legacy, edgezero) => {
  expect(() => read({ LEGACY_ORIGIN: legacy, EDGEZERO_ORIGIN: edgezero })).toThrow(`${name} is `);
});

describe("what came after the upload does not stop the start", () => {
  test.each([
    { name: "FORCE_SECRET", wereChecked: false },
    { name: "FORCE_SECRET", wereChecked: true },
    { name: "PROBE_SECRET", wereChecked: false },
    { name: "PROBE_SECRET_PREVIOUS", wereChecked: true },
  ])("a $name that is too short, variables checked: $wereChecked", ({ name, wereChecked }) => {
    const { findings } = read({ [name]: "too short" }, wereChecked);
    expect(findings.map(({ message }) => message)).toEqual([
      `${name} is not shown: it must be at least 32 characters`,
    ]);
  });

  test("a variable, where all were checked before the upload", () => {
    const { findings, settings } = read({ CONFIG_MAX_AGE_MS: "soon", SERVICE_NAME: "a" }, true);
    expect(findings.map(({ setting }) => setting)).toEqual(["CONFIG_MAX_AGE_MS"]);
    expect(settings.SERVICE_NAME).toBe("a");
  });

  test("but a variable that was not checked stops it, and the message names no secret", () => {
    const env = { CONFIG_MAX_AGE_MS: "soon", FORCE_SECRET: "too short" };
    const message = `CONFIG_MAX_AGE_MS is "soon": it must be ${AGE}`;
    expect(() => read(env)).toThrow(SettingsError);
    expect(() => read(env)).toThrow(new RegExp(`^${message}$`));
  });
});

describe("wrangler.jsonc", () => {
  const config = new URL("../wrangler.jsonc", import.meta.url);
  const { vars } = unstable_readConfig({ config: config.pathname }, { hideWarnings: true });

  test("has every variable, with its default or the value to deploy with", () => {
    const expected = Object.values(CLOUDFLARE_SETTINGS)
      .filter(({ isSecret }) => isSecret !== true)
      .map((setting) => [setting.name, setting.shipped ?? setting.default ?? ""]);
    expect(Object.entries(vars)).toEqual(expected);
  });

  test("has variables that a Worker starts with", () => {
    expect(read(vars).findings).toEqual([]);
  });

  test("holds no secret", () => {
    expect(readFileSync(config, "utf8")).not.toMatch(/^\s*"\w*_SECRET(?:_PREVIOUS)?"/m);
  });
});
