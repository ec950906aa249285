import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CLOUDFLARE_SETTINGS,
  CONTROLLER_SETTINGS,
  examineSettings,
  FASTLY_SETTINGS,
  nodeSettings,
  readSettings,
  SettingsError,
} from "./index.ts";
import type { Source } from "./index.ts";
import { anyText } from "../test/any-text.ts";
import { OWN_SETTINGS } from "../test/own-settings.ts";

const NODE_SETTINGS = nodeSettings(OWN_SETTINGS);

const of =
  (given: Readonly<Record<string, unknown>>): Source =>
  (name) =>
    given[name];

function messageFor(name: string, text: string): string {
  const { findings } = examineSettings(NODE_SETTINGS, of({ [name]: text }));
  return findings[0]?.message ?? "";
}

const BOTH = "LEGACY_ORIGIN and EDGEZERO_ORIGIN must be set both, or neither";

test("without any, all have their defaults", () => {
  expect(readSettings(CLOUDFLARE_SETTINGS, of({}))).toEqual({
    LOG_LEVEL: "info",
    LEGACY_ORIGIN: undefined,
    EDGEZERO_ORIGIN: undefined,
    ORIGIN_HOST: "origin",
    UNTRUSTED_HEADERS: { hasDefault: true, dropped: [], kept: [] },
    UPSTREAM_TIMEOUT_MS: 30_000,
    CONFIG_MAX_AGE_MS: 5000,
    SERVICE_NAME: "edgezero-rollout",
    ATTRIBUTION: "path",
    PATH_HEADER: "always",
    SHARED_CACHES: "unchanged",
    EVENT_SAMPLE_RATE: undefined,
    FORCE_WHEN_DISABLED: false,
    HEALTH_PATH: "/health",
    FORCE_SECRET: undefined,
    PROBE_SECRET: undefined,
    PROBE_SECRET_PREVIOUS: undefined,
  });
});

test.each([
  { name: "Node", schema: NODE_SETTINGS },
  { name: "Cloudflare", schema: CLOUDFLARE_SETTINGS },
  { name: "Fastly", schema: FASTLY_SETTINGS },
])("empty ones count as not given on $name", ({ schema }) => {
  expect(readSettings(schema, () => "")).toEqual(readSettings(schema, () => undefined));
});

test("the values have the types of their rules", () => {
  const settings = readSettings(NODE_SETTINGS, of({ METRICS_PORT: "off", FORCE_SECRET: "" }));
  const port: number = settings.PORT;
  const metricsPort: number | null = settings.METRICS_PORT;
  const origin: URL | undefined = settings.LEGACY_ORIGIN;
  const attribution: "path" | "detail" = settings.ATTRIBUTION;
  // @ts-expect-error A secret may be missing.
  const secret: string = settings.FORCE_SECRET;
  expect([port, metricsPort, origin, attribution, secret]).toEqual([
    8787,
    null,
    undefined,
    "path",
    undefined,
  ]);
});

test("on Fastly, a name has its prefix, and the names without one mean nothing", () => {
  const given = { EDGEZERO_ORIGIN_TIMEOUT_MS: "7", UPSTREAM_TIMEOUT_MS: "x", LEGACY_ORIGIN: "x" };
  expect(readSettings(FASTLY_SETTINGS, of(given)).UPSTREAM_TIMEOUT_MS).toBe(7);
});

test("all that are not valid are named at once, one a line", () => {
  const given = { PORT: "x", UPSTREAM_TIMEOUT_MS: "0", LEGACY_ORIGIN: "http://127.0.0.1:1" };
  const expected = [
    'PORT is "x": it must be a whole number from 0 to 65535',
    'UPSTREAM_TIMEOUT_MS is "0": it must be a whole number from 1 to 2147483647',
    `EDGEZERO_ORIGIN is not set: ${BOTH}`,
  ];
  expect(() => readSettings(NODE_SETTINGS, of(given))).toThrow(SettingsError);
  expect(() => readSettings(NODE_SETTINGS, of(given))).toThrow(expected.join("\n"));
});

test("where a process must go on, the valid ones count beside those that are not", () => {
  const given = { UPSTREAM_TIMEOUT_MS: "soon", SERVICE_NAME: "shop" };
  const { settings, findings } = examineSettings(CLOUDFLARE_SETTINGS, of(given));
  expect([settings.UPSTREAM_TIMEOUT_MS, settings.SERVICE_NAME]).toEqual([30_000, "shop"]);
  expect(findings).toMatchObject([{ setting: "UPSTREAM_TIMEOUT_MS" }]);
});

describe("origins", () => {
  test.each([
    { given: "LEGACY_ORIGIN", missing: "EDGEZERO_ORIGIN", text: "http://127.0.0.1:3000" },
    { given: "EDGEZERO_ORIGIN", missing: "LEGACY_ORIGIN", text: "http://127.0.0.1:3000" },
  ])("$given alone is refused", ({ given, missing, text }) => {
    const { findings } = examineSettings(CLOUDFLARE_SETTINGS, of({ [given]: text }));
    expect(findings).toEqual([
      {
        setting: missing,
        message: `${missing} is not set: ${BOTH}`,
      },
    ]);
  });

  test("one that is not valid is given all the same", () => {
    const { findings } = examineSettings(CLOUDFLARE_SETTINGS, of({ EDGEZERO_ORIGIN: "x" }));
    expect(findings.map(({ setting }) => setting)).toEqual(["EDGEZERO_ORIGIN", "LEGACY_ORIGIN"]);
  });
});

describe("a variable of a Worker that is no text", () => {
  test.each([
    { given: 5000, value: 5000 },
    { given: null, value: 30_000 },
  ])("$given is $value", ({ given, value }) => {
    const source = of({ UPSTREAM_TIMEOUT_MS: given });
    expect(readSettings(CLOUDFLARE_SETTINGS, source).UPSTREAM_TIMEOUT_MS).toBe(value);
  });

  test.each([{ given: {} }, { given: [5000] }, { given: true }, { given: 1.5 }])(
    "$given is refused",
    ({ given }) => {
      const { findings } = examineSettings(CLOUDFLARE_SETTINGS, of({ UPSTREAM_TIMEOUT_MS: given }));
      expect(findings).toHaveLength(1);
    },
  );
});

describe("a message", () => {
  test.each([
    { as: "a secret", name: "FORCE_SECRET", text: "hunter2", shown: "not shown" },
    { as: "a password", name: "PORT", text: "http://u:pw@host/x", shown: '"http://***@host/x"' },
    { as: "a user alone", name: "PORT", text: "http://pw@host", shown: '"http://***@host"' },
    { as: "a spaced URL", name: "PORT", text: " http://u:p@w@host", shown: '" http://***@host"' },
    { as: "a line end", name: "PORT", text: "1\r\n2", shown: String.raw`"1\r\n2"` },
    { as: "a NUL", name: "PORT", text: "1\0", shown: String.raw`"1\u0000"` },
    { as: "a bidi mark", name: "PORT", text: "1\u202e2", shown: String.raw`"1\u{202e}2"` },
    { as: "a line separator", name: "PORT", text: "1\u2028", shown: String.raw`"1\u{2028}"` },
    { as: "a C1 control", name: "PORT", text: "1\u009b", shown: String.raw`"1\u{9b}"` },
    { as: "half a character", name: "PORT", text: "\ud800", shown: String.raw`"\ud800"` },
    { as: "other alphabets", name: "PORT", text: "läden ٣", shown: '"läden ٣"' },
  ])("shows $as safely", ({ name, text, shown }) => {
    expect(messageFor(name, text)).toMatch(`${name} is ${shown}: it must be `);
  });

  test("of a long text shows the start and the length", () => {
    expect(messageFor("PORT", "x".repeat(100_000))).toBe(
      `PORT is "${"x".repeat(100)}"… (100000 characters): it must be a whole number from 0 to 65535`,
    );
  });

  test("is one short line without a secret, whatever the text is", () => {
    const secret = "s3cr3t";
    const urls = fc
      .tuple(anyText, anyText, anyText)
      .map(([user, rest, path]) => `redis://${user}:${secret}${rest}@host/${path}`);
    fc.assert(
      fc.property(urls, (text) => {
        for (const name of ["PORT", "LEGACY_ORIGIN", "LOG_LEVEL", "FORCE_SECRET"]) {
          const message = messageFor(name, text);
          expect(message).not.toContain(secret);
          expect(message).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
          expect(message.length).toBeLessThan(1500);
        }
      }),
      { numRuns: 200 },
    );
  });
});

test("white space around a secret does not count", () => {
  const secret = "s".repeat(32);
  const settings = readSettings(NODE_SETTINGS, of({ PROBE_SECRET: `${secret}\n` }));
  expect(settings.PROBE_SECRET).toBe(secret);
  expect(() => readSettings(NODE_SETTINGS, of({ PROBE_SECRET: " ".repeat(40) }))).toThrow(
    "PROBE_SECRET is not shown: it must be at least 32 characters",
  );
});

function controllerToken(text: string): string | undefined {
  return readSettings(CONTROLLER_SETTINGS, of({ CONTROLLER_TOKEN: text })).CONTROLLER_TOKEN;
}

test("a token that some clients could not send is refused", () => {
  const token = "x".repeat(32);
  expect(controllerToken(`${token}\n`)).toBe(token);
  for (const bad of ["x".repeat(31), `${token} x`, `${token}\u00e9`, `${token}\nx`]) {
    expect(() => controllerToken(bad)).toThrow(/CONTROLLER_TOKEN .*without white space/);
  }
});
