import type { LogThreshold } from "@edgezero/settings";
import { examineSettings, FASTLY_SETTINGS } from "@edgezero/settings";
import { expect, test } from "vitest";
import { logLevel } from "./log-level.ts";

function explicit(text: string | undefined): LogThreshold | undefined {
  return examineSettings(FASTLY_SETTINGS, (name) =>
    name === "EDGEZERO_LOG_LEVEL" ? text : undefined,
  ).settings.LOG_LEVEL;
}

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
])("EDGEZERO_LOG_LEVEL %j and FASTLY_HOSTNAME %j give %s", (text, hostname, level) => {
  expect(logLevel(explicit(text), hostname)).toBe(level);
});
