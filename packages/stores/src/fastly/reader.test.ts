import { readRollout } from "@edgezero/rollout";
import { expect, test } from "vitest";
import { createConfigStore } from "./reader.ts";

test.each([
  ["no key", {}, ["edgezero_enabled"]],
  ["disabled", { edgezero_enabled: "false" }, ["edgezero_enabled"]],
  [
    "enabled",
    { edgezero_enabled: "true", edgezero_rollout_pct: "10" },
    ["edgezero_enabled", "edgezero_rollout_pct"],
  ],
])("each read looks up no more than it must: %s", async (_, values, lookups) => {
  const held: Readonly<Record<string, string | undefined>> = values;
  let made: string[] = [];
  const store = createConfigStore(() => ({
    get(key) {
      made.push(key);
      return held[key] ?? null;
    },
  }));
  for (let i = 0; i < 3; i++) {
    made = [];
    await readRollout(store);
    expect(made).toEqual(lookups);
  }
});
