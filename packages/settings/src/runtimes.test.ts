import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Schema, Setting } from "./index.ts";
import {
  CLOUDFLARE_SETTINGS,
  examineSetting,
  FASTLY_SECRETS,
  FASTLY_SETTINGS,
  nodeSettings,
} from "./index.ts";
import { anyText } from "../test/any-text.ts";
import { OWN_SETTINGS } from "../test/own-settings.ts";
import { showValue } from "./shown-value.ts";

const NODE_SETTINGS = nodeSettings(OWN_SETTINGS);
const RUNTIMES: Readonly<Record<string, Schema>> = {
  node: NODE_SETTINGS,
  cloudflare: CLOUDFLARE_SETTINGS,
  fastly: { ...FASTLY_SETTINGS, ...FASTLY_SECRETS },
};
/** Settings whose range is another on each runtime, since they mean another thing there. */
const OF_ONE_RUNTIME = new Set(["CONFIG_MAX_AGE_MS"]);

const ORIGIN = "an http or https URL without a path, such as https://origin.example.com";
const LEVELS = "one of trace, debug, info, warn, error, fatal, silent";
const SERVICE = "1 to 64 letters, digits, dots, dashes or _";
const RATE = "empty, or a number from 0 to 1";
const FLAG = "one of false, true";
const TIMEOUT = "a whole number from 1 to 2147483647";

/** The texts that a setting accepts, with their values; and those that it refuses. */
interface Row {
  readonly setting: string;
  readonly allowed: string;
  readonly good: readonly (readonly [text: string, value: unknown])[];
  readonly bad: readonly string[];
}

const ODD_NUMBERS = [
  "1e3",
  " 5 ",
  "5\n",
  "Infinity",
  "0x10",
  "-1",
  "+1",
  "1.5",
  "1_000",
  "NaN",
  "٣",
  "５",
  " ",
  "\u0000",
  "30s",
  "99999999999",
  "1".repeat(100_000),
];

const ROWS: readonly Row[] = [
  {
    setting: "UPSTREAM_TIMEOUT_MS",
    allowed: TIMEOUT,
    good: [
      ["1", 1],
      ["030", 30],
      ["2147483647", 2_147_483_647],
    ],
    bad: ["0", "2147483648", ...ODD_NUMBERS],
  },
  {
    setting: "LOG_LEVEL",
    allowed: LEVELS,
    good: [
      ["trace", "trace"],
      ["info", "info"],
      ["WARN", "warn"],
      ["Silent", "silent"],
    ],
    bad: ["loud", "verbose", " info", "warning", "ınfo", "0"],
  },
  {
    setting: "LEGACY_ORIGIN",
    allowed: ORIGIN,
    good: [
      ["http://legacy.example:8080", new URL("http://legacy.example:8080")],
      ["https://Legacy.example/", new URL("https://legacy.example")],
    ],
    bad: [
      "localhost:3000",
      "ftp://origin.example",
      "http://origin.example/path",
      "http://origin.example/?query",
      "http://user@origin.example",
      "//origin.example",
      "http://",
      "x",
    ],
  },
  {
    setting: "ORIGIN_HOST",
    allowed: "one of origin, client",
    good: [
      ["origin", "origin"],
      ["client", "client"],
    ],
    bad: ["Origin", "host", "client ", "origin.example.com", "true"],
  },
  {
    setting: "UNTRUSTED_HEADERS",
    allowed:
      "a comma-separated list of header names, - before one to keep, * at the end for all that begin so; default stands for the gateway's list, none for no header",
    good: [
      ["default", { hasDefault: true, dropped: [], kept: [] }],
      ["none", { hasDefault: false, dropped: [], kept: [] }],
      [
        "Default, X-Tenant,x-our-*, -X-Original-URL",
        { hasDefault: true, dropped: ["x-tenant", "x-our-*"], kept: ["x-original-url"] },
      ],
    ],
    bad: ["default,", " ", "X Tenant", "X-*-Y", "*", "--x", "a:b", "läden", "\n", "-"],
  },
  {
    setting: "SERVICE_NAME",
    allowed: SERVICE,
    good: [
      ["shop.example-1_a", "shop.example-1_a"],
      ["x".repeat(64), "x".repeat(64)],
    ],
    bad: ["x".repeat(65), "two words", "läden", "a\n", "x".repeat(100_000)],
  },
  {
    setting: "ATTRIBUTION",
    allowed: "one of path, detail",
    good: [
      ["path", "path"],
      ["detail", "detail"],
    ],
    bad: ["Detail", "all", " path", "toString"],
  },
  {
    setting: "PATH_HEADER",
    allowed: "one of always, signed, never",
    good: [
      ["always", "always"],
      ["signed", "signed"],
      ["never", "never"],
    ],
    bad: ["Always", "off", "false", " never"],
  },
  {
    setting: "SHARED_CACHES",
    allowed: "one of unchanged, private, vary",
    good: [
      ["unchanged", "unchanged"],
      ["private", "private"],
      ["vary", "vary"],
    ],
    bad: ["public", "none", "VARY"],
  },
  {
    setting: "EVENT_SAMPLE_RATE",
    allowed: RATE,
    good: [
      ["0", 0],
      ["0.01", 0.01],
      ["1", 1],
      ["1.0", 1],
    ],
    bad: ["2", "1.01", "-0.1", " 1", "1e-2", "all", ".5", "0.", "00", "0x1", "٠"],
  },
  {
    setting: "FORCE_WHEN_DISABLED",
    allowed: FLAG,
    good: [
      ["true", true],
      ["false", false],
    ],
    bad: ["yes", "on", "1", "TRUE"],
  },
  {
    setting: "HEALTH_PATH",
    allowed: "off, or a path such as /health, without a query",
    good: [
      ["off", null],
      ["/", "/"],
      ["/-/health%20check", "/-/health%20check"],
    ],
    bad: ["health", "/health?x", "/health#x", "/a b", "OFF", "/ä", "http://x/health"],
  },
  {
    setting: "FORCE_SECRET",
    allowed: "at least 32 characters",
    good: [["s".repeat(32), "s".repeat(32)]],
    bad: ["s".repeat(31), "hunter2 of all"],
  },
  ...["PROBE_SECRET", "PROBE_SECRET_PREVIOUS"].map((setting) => ({
    setting,
    allowed: "at least 32 characters",
    good: [["s".repeat(32), "s".repeat(32)] as const],
    bad: ["s".repeat(31), "hunter2 of all"],
  })),
];

/** The same setting on each runtime that has it. */
function everywhere(key: string): [runtime: string, setting: Setting][] {
  return Object.entries(RUNTIMES).flatMap(([runtime, schema]) => {
    const setting = schema[key];
    return setting === undefined ? [] : [[runtime, setting]];
  });
}

function sharedKeys(): string[] {
  const keys = new Set(Object.values(RUNTIMES).flatMap((schema) => Object.keys(schema)));
  return [...keys].filter((key) => !OF_ONE_RUNTIME.has(key) && everywhere(key).length > 1);
}

/** The answer to a text, without the name that the setting has on this runtime. */
function answerTo(setting: Setting, text: string): unknown {
  const { value, finding } = examineSetting(setting, text);
  if (finding === null) return text === "" ? "not given" : { value };
  return finding.message.replace(setting.name, "");
}

test("the table has every setting that runtimes share", () => {
  const ofTable = ROWS.map(({ setting }) => setting);
  expect(new Set([...ofTable, "EDGEZERO_ORIGIN"])).toEqual(new Set(sharedKeys()));
});

describe.each(ROWS)("$setting", ({ setting: key, allowed, good, bad }) => {
  describe.each(everywhere(key))("on %s", (_, setting) => {
    test.each(good)("%j is accepted", (text, value) => {
      expect(examineSetting(setting, text)).toEqual({ value, finding: null });
    });

    test.each(bad.map((text) => [text]))("%.40j is refused, by name", (text) => {
      const { finding } = examineSetting(setting, text);
      const shown = setting.isSecret === true ? "not shown" : showValue(text);
      expect(finding).toEqual({
        setting: setting.name,
        message: `${setting.name} is ${shown}: it must be ${allowed}`,
      });
    });
  });
});

const texts = fc.oneof(
  anyText,
  fc.integer().map(String),
  fc.double().map(String),
  fc.webUrl(),
  fc.constantFrom(...ROWS.flatMap(({ bad }) => bad)),
  fc.constantFrom(...ROWS.flatMap(({ good }) => good.map(([text]) => text))),
);

test.each(sharedKeys())("on every text, all runtimes agree on %s", (key) => {
  const [first, ...others] = everywhere(key).map(([, setting]) => setting);
  if (first === undefined) throw new Error(`no runtime has ${key}`);
  fc.assert(
    fc.property(texts, (text) => {
      for (const other of others) expect(answerTo(other, text)).toEqual(answerTo(first, text));
    }),
    { numRuns: 300 },
  );
});

describe.each(Object.entries(RUNTIMES))("the schema of %s", (_, schema) => {
  test.each(Object.entries(schema))("%s", (__, setting) => {
    for (const text of [setting.default, setting.shipped]) {
      expect(examineSetting(setting, text).finding).toBeNull();
    }
    expect(setting.meaning).toMatch(/^[A-Z`][^\n|]+\.$/);
  });

  test("has no name twice", () => {
    const names = Object.values(schema).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

test("what is of one runtime has the range of that runtime", () => {
  const allowed = everywhere("CONFIG_MAX_AGE_MS").map(([runtime, setting]) => [
    runtime,
    setting.default,
    setting.allowed,
  ]);
  expect(allowed).toEqual([
    ["node", "30000", "a whole number from 1000 to 2147483647"],
    ["cloudflare", "5000", "a whole number from 0 to 600000"],
  ]);
});
