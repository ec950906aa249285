import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { SettingsError } from "@edgezero/settings";
import type { Settings } from "./settings.ts";
import { readSettings } from "./settings.ts";

const ORIGIN = "an http or https URL without a path, such as https://origin.example.com";
const TRUST =
  "a comma-separated list of IP addresses, CIDR ranges, loopback, linklocal or uniquelocal";
const TIMEOUT = "a whole number from 1 to 2147483647";
const PORT = "a whole number from 0 to 65535";
const AGE = "a whole number from 1000 to 2147483647";
const CONFIG =
  "a path, a file: URL, or redis://host:port (rediss:// for TLS) with no parameter but key, and special characters percent-encoded (such as %40 for @, %23 for # and %2F for /)";
const LEVEL = "one of trace, debug, info, warn, error, fatal, silent";

function messageOf(env: Record<string, string>): string {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  throw new Error("the settings were accepted");
}

/** Settings as text: the place of the config store has functions, which are never equal. */
function textOf(settings: Settings): string {
  return JSON.stringify(settings);
}

describe("settings that are given", () => {
  test("nothing given: the defaults", () => {
    expect(readSettings({})).toEqual({
      PORT: 8787,
      HOST: "127.0.0.1",
      EDGEZERO_CONFIG: expect.objectContaining({
        text: resolve(import.meta.dirname, "../../rollout.json"),
      }),
      CONFIG_MAX_AGE_MS: 30_000,
      CONFIG_LAST_VALUES_FILE: undefined,
      CONFIG_LAST_VALUES_MAX_AGE_MS: undefined,
      LEGACY_ORIGIN: undefined,
      EDGEZERO_ORIGIN: undefined,
      ORIGIN_HOST: "origin",
      UPSTREAM_TIMEOUT_MS: 30_000,
      TRUST_PROXY: undefined,
      UNTRUSTED_HEADERS: { hasDefault: true, dropped: [], kept: [] },
      LOG_LEVEL: "info",
      SERVICE_NAME: "edgezero-rollout",
      ATTRIBUTION: "path",
      SHARED_CACHES: "unchanged",
      METRICS_PORT: 9464,
      METRICS_HOST: "127.0.0.1",
      EVENT_SAMPLE_RATE: undefined,
      FORCE_SECRET: undefined,
      PROBE_SECRET: undefined,
      PROBE_SECRET_PREVIOUS: undefined,
      PATH_HEADER: "always",
      ROLLBACK_CLOSES_UPGRADES: false,
      LEGACY_ORIGIN_TLS_SERVERNAME: undefined,
      LEGACY_ORIGIN_CA: undefined,
      LEGACY_ORIGIN_CERT: undefined,
      LEGACY_ORIGIN_KEY: undefined,
      EDGEZERO_ORIGIN_TLS_SERVERNAME: undefined,
      EDGEZERO_ORIGIN_CA: undefined,
      EDGEZERO_ORIGIN_CERT: undefined,
      EDGEZERO_ORIGIN_KEY: undefined,
      ORIGIN_MAX_CONNECTIONS: 256,
      ORIGIN_QUEUE_TIMEOUT_MS: 5000,
      ORIGIN_CONNECTION_MAX_AGE_MS: 60_000,
      MAX_CONNECTIONS: 10_000,
      CLIENT_TIMEOUT_MS: 60_000,
      REQUEST_TIMEOUT_MS: null,
      KEEP_ALIVE_TIMEOUT_MS: 620_000,
      HEALTH_PATH: "/health",
      READY_PATH: undefined,
      SHUTDOWN_DELAY_MS: 0,
      SHUTDOWN_GRACE_MS: 35_000,
      WORKERS: 1,
      SETTINGS_FILE: undefined,
      FORCE_WHEN_DISABLED: false,
    });
  });

  test("an empty variable counts as not set", () => {
    const names = Object.keys(readSettings({}));
    const empty = Object.fromEntries(names.map((name) => [name, ""]));
    expect(textOf(readSettings(empty))).toBe(textOf(readSettings({})));
  });

  test("variables of other programs are passed over", () => {
    const given = readSettings({ EDGEZERO_LOG_LEVEL: "loud", FASTLY_HOSTNAME: "localhost" });
    expect(textOf(given)).toBe(textOf(readSettings({})));
  });

  test("both origins", () => {
    const settings = readSettings({
      LEGACY_ORIGIN: "http://legacy.example:8080",
      EDGEZERO_ORIGIN: "https://EdgeZero.example/",
    });
    expect(settings.LEGACY_ORIGIN?.origin).toBe("http://legacy.example:8080");
    expect(settings.EDGEZERO_ORIGIN?.origin).toBe("https://edgezero.example");
  });

  test.each([
    ["an absolute path", "/etc/rollout.json", "/etc/rollout.json"],
    ["a relative path", "a b/rollout.json", resolve("a b/rollout.json")],
    ["a file: URL", pathToFileURL("/etc/a b.json").href, "/etc/a b.json"],
  ])("EDGEZERO_CONFIG as %s", (_, given, path) => {
    expect(readSettings({ EDGEZERO_CONFIG: given }).EDGEZERO_CONFIG.text).toBe(path);
  });

  test.each([
    ["loopback", ["loopback"]],
    ["linklocal, uniquelocal", ["linklocal", "uniquelocal"]],
    ["10.0.0.0/8,192.0.2.1 , 2001:db8::/32", ["10.0.0.0/8", "192.0.2.1", "2001:db8::/32"]],
  ])("TRUST_PROXY=%s", (given, entries) => {
    expect(readSettings({ TRUST_PROXY: given }).TRUST_PROXY).toEqual(entries);
  });

  test.each(["INFO", "Info", "info"])("LOG_LEVEL=%s, in any case as on the edges", (level) => {
    expect(readSettings({ LOG_LEVEL: level }).LOG_LEVEL).toBe("info");
  });

  test.each(["0", "1", "65535"])("PORT=%s", (port) => {
    expect(readSettings({ PORT: port }).PORT).toBe(Number(port));
  });
});

describe("settings that are not valid", () => {
  test.each([
    ["PORT", "65536", PORT],
    ["PORT", "-1", PORT],
    ["PORT", "80.5", PORT],
    ["PORT", "0x50", PORT],
    ["PORT", " 80", PORT],
    ["PORT", "http", PORT],
    ["UPSTREAM_TIMEOUT_MS", "0", TIMEOUT],
    ["UPSTREAM_TIMEOUT_MS", "2147483648", TIMEOUT],
    ["UPSTREAM_TIMEOUT_MS", "30s", TIMEOUT],
    ["LOG_LEVEL", "loud", LEVEL],
    ["LOG_LEVEL", "INFO ", LEVEL],
    ["TRUST_PROXY", "true", TRUST],
    ["TRUST_PROXY", "10.0.0.0/33", TRUST],
    ["TRUST_PROXY", "loopback,,", TRUST],
    ["EDGEZERO_CONFIG", "file://elsewhere/rollout.json", CONFIG],
    ["EDGEZERO_CONFIG", "redis:///0", CONFIG],
    ["EDGEZERO_CONFIG", "redis://localhost/name", CONFIG],
    ["EDGEZERO_CONFIG", "redis://localhost?db=1", CONFIG],
    ["EDGEZERO_CONFIG", "redis://localhost:65536", CONFIG],
    ["EDGEZERO_CONFIG", "https://localhost/rollout.json", CONFIG],
    ["CONFIG_MAX_AGE_MS", "999", AGE],
  ])("%s=%s", (setting, value, allowed) => {
    expect(messageOf({ [setting]: value })).toBe(
      `${setting} is ${JSON.stringify(value)}: it must be ${allowed}`,
    );
  });

  test.each([
    "redis://user:secret@localhost:x",
    "rediss://:sec/ret@localhost",
    "redis://:secret@se@localhost:6379/x",
    "valkey://user:secret@localhost",
    "redis:secret@localhost",
  ])("a password is not shown: %s", (value) => {
    const message = messageOf({ EDGEZERO_CONFIG: value });
    expect(message).toContain('EDGEZERO_CONFIG is "');
    expect(message).toContain("***@localhost");
    expect(message).not.toContain("sec");
  });

  test.each([
    "localhost:3000",
    "ftp://origin.example",
    "http://origin.example/path",
    "http://origin.example/?query",
    "http://user:password@origin.example",
    "//origin.example",
    "http://",
  ])("an origin of %s", (value) => {
    const other = "http://127.0.0.1:3000";
    expect(messageOf({ LEGACY_ORIGIN: value, EDGEZERO_ORIGIN: other })).toBe(
      `LEGACY_ORIGIN is ${JSON.stringify(value.replace("user:password", "***"))}: it must be ${ORIGIN}`,
    );
    expect(messageOf({ LEGACY_ORIGIN: other, EDGEZERO_ORIGIN: value })).toBe(
      `EDGEZERO_ORIGIN is ${JSON.stringify(value.replace("user:password", "***"))}: it must be ${ORIGIN}`,
    );
  });

  test.each([
    ["LEGACY_ORIGIN", "EDGEZERO_ORIGIN"],
    ["EDGEZERO_ORIGIN", "LEGACY_ORIGIN"],
  ])("%s alone", (given, missing) => {
    expect(messageOf({ [given]: "http://127.0.0.1:3000" })).toBe(
      `${missing} is not set: LEGACY_ORIGIN and EDGEZERO_ORIGIN must be set both, or neither`,
    );
  });

  test("every one of them is named at once", () => {
    const message = messageOf({
      PORT: "x",
      EDGEZERO_CONFIG: "file://elsewhere/x",
      LEGACY_ORIGIN: "x",
      UPSTREAM_TIMEOUT_MS: "x",
      TRUST_PROXY: "x",
      LOG_LEVEL: "x",
    });
    expect(message.split("\n").map((line) => line.split(" ")[0])).toEqual([
      "PORT",
      "EDGEZERO_CONFIG",
      "LEGACY_ORIGIN",
      "UPSTREAM_TIMEOUT_MS",
      "TRUST_PROXY",
      "LOG_LEVEL",
      "EDGEZERO_ORIGIN",
    ]);
  });
});

const HOPS = "a hop count is not supported, name the proxy's addresses";
const FOUR = "in four parts without leading zeros, such as";

describe("a TRUST_PROXY that would mean something else than it says", () => {
  test.each([
    { given: "1", hint: HOPS },
    { given: "0", hint: HOPS },
    { given: "loopback, 2", hint: HOPS },
    { given: "10/8", hint: `write 10/8 ${FOUR} 10.0.0.0/8` },
    { given: "010.0.0.0/8", hint: `write 010.0.0.0/8 ${FOUR} 10.0.0.0/8` },
    { given: "127.1", hint: `write 127.1 ${FOUR} 127.1.0.0` },
    { given: "192.168.001.001", hint: `write 192.168.001.001 ${FOUR} 192.168.1.1` },
    { given: "3232235777", hint: "write 3232235777 as 192.168.1.1" },
  ])("$given is refused, and the message says what may be meant", ({ given, hint }) => {
    expect(messageOf({ TRUST_PROXY: given })).toBe(
      `TRUST_PROXY is ${JSON.stringify(given)}: it must be ${TRUST}; ${hint}`,
    );
  });

  test.each(["0x7f000001", "0x7f.1", "99999999999", "1.2.3.4.5", "300.1", "*", "all", "::1/129"])(
    "%s is refused",
    (given) => {
      expect(messageOf({ TRUST_PROXY: given })).toBe(
        `TRUST_PROXY is ${JSON.stringify(given)}: it must be ${TRUST}`,
      );
    },
  );
});
