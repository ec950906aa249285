import { expect, test } from "vitest";
import { logLevel } from "./log-level.ts";

test.each([
  [undefined, "localhost", "debug"],
  ["", "localhost", "debug"],
  [undefined, "cache-fra-etou8220000", "info"],
  [undefined, "", "info"],
  [undefined, undefined, "info"],
  [undefined, "localhost.example.com", "info"],
  ["warn", "localhost", "warn"],
  ["debug", "cache-fra-etou8220000", "debug"],
  ["ERROR", undefined, "error"],
  ["silent", "localhost", "silent"],
  ["verbose", "localhost", "info"],
  ["verbose", undefined, "info"],
])("EDGEZERO_LOG_LEVEL %j and FASTLY_HOSTNAME %j give %s", (explicit, hostname, level) => {
  expect(logLevel(explicit, hostname)).toBe(level);
});
