import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

test.each([
  ["EDGEZERO_EVENT_SAMPLE_RATE", "2", "empty, or a number from 0 to 1"],
  ["EDGEZERO_ATTRIBUTION", "all", "one of path, detail"],
  ["EDGEZERO_SHARED_CACHES", "none", "one of unchanged, private, vary"],
  ["EDGEZERO_SERVICE_NAME", "a b", "1 to 64 letters, digits, dots, dashes or _"],
  ["EDGEZERO_FORCE_WHEN_DISABLED", "on", "one of false, true"],
  ["EDGEZERO_ORIGIN_TIMEOUT_MS", "30s", "a whole number from 1 to 2147483647"],
  ["EDGEZERO_LOG_LEVEL", "verbose", "one of trace, debug, info, warn, error, fatal, silent"],
])("a bad %s fails the build: %j", (name, value, allowed) => {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/build.ts"], {
    env: { ...process.env, [name]: value },
    encoding: "utf8",
  });
  expect(stderr).toContain(`${name} is ${JSON.stringify(value)}: it must be ${allowed}`);
  expect(status).toBe(1);
});
