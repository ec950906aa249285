import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { SettingsError } from "@edgezero/settings";
import { readSettings } from "./settings.ts";

const ORIGIN = "an http or https URL without a path, such as https://origin.example.com";
const TRUST =
  "a comma-separated list of IP addresses, CIDR ranges, loopback, linklocal or uniquelocal";
const TIMEOUT = "a whole number from 1 to 2147483647";
const PORT = "a whole number from 0 to 65535";
const AGE = "a whole number from 1000 to 2147483647";
const CONFIG =
  "a path, a file: URL, or redis://host:port (rediss:// for TLS) with no parameter but key";
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

describe("settings that are given", () => {
  test("nothing given: the defaults", () => {
    expect(readSettings({})).toEqual({
      PORT: 8787,
      HOST: "127.0.0.1",
      EDGEZERO_CONFIG: resolve(import.meta.dirname, "../../rollout.json"),
      CONFIG_MAX_AGE_MS: 30_000,
      LEGACY_ORIGIN: undefined,
      EDGEZERO_ORIGIN: undefined,
      UPSTREAM_TIMEOUT_MS: 30_000,
      TRUST_PROXY: undefined,
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
      FORCE_WHEN_DISABLED: false,
    });
  });

  test("an empty variable counts as not set", () => {
    const names = Object.keys(readSettings({}));
    const empty = Object.fromEntries(names.map((name) => [name, ""]));
    expect(readSettings(empty)).toEqual(readSettings({}));
  });

  test("variables of other programs are passed over", () => {
    expect(readSettings({ EDGEZERO_LOG_LEVEL: "loud", FASTLY_HOSTNAME: "localhost" })).toEqual(
      readSettings({}),
    );
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
    expect(readSettings({ EDGEZERO_CONFIG: given }).EDGEZERO_CONFIG).toBe(path);
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
