import { readingOf } from "@edgezero/operations/reading";
import { expect, test } from "vitest";
import { legacyByOf } from "./legacy-by.ts";

test.each([
  { name: "0", enabled: "true", pct: "0", expected: "set-to-0" },
  { name: "off", enabled: "false", pct: "10", expected: "switched-off" },
  { name: "a switch that is no switch", enabled: "maybe", pct: "10", expected: "switched-off" },
  { name: "no switch", enabled: null, pct: "10", expected: "switch-missing" },
  { name: "no keys", enabled: null, pct: null, expected: "switch-missing" },
  { name: "no percentage", enabled: "true", pct: null, expected: "pct-missing" },
  { name: "an odd percentage", enabled: "true", pct: "ten", expected: "pct-invalid" },
  { name: "a percentage", enabled: "true", pct: "10", expected: null },
  { name: "everything", enabled: "true", pct: "100", expected: null },
])("$name in the store: $expected", async ({ enabled, pct, expected }) => {
  const reading = await readingOf({ edgezero_enabled: enabled, edgezero_rollout_pct: pct });
  expect(legacyByOf(reading)).toBe(expected);
});

test("a store that was not read says nothing", () => {
  expect(legacyByOf(null)).toBeNull();
});
