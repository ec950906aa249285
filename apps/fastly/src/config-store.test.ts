import { readRollout } from "@edgezero/rollout";
import { expect, test, vi } from "vitest";
import { createConfigStore } from "./config-store.ts";

const opened = vi.hoisted(() => ({
  lookups: [] as string[],
  values: {} as Record<string, string>,
}));

vi.mock("fastly:config-store", () => ({
  ConfigStore: class {
    get(key: string): string | null {
      opened.lookups.push(key);
      return opened.values[key] ?? null;
    }
  },
}));

test.each([
  ["no key", {}, ["edgezero_enabled"]],
  ["disabled", { edgezero_enabled: "false" }, ["edgezero_enabled"]],
  [
    "enabled",
    { edgezero_enabled: "true", edgezero_rollout_pct: "10" },
    ["edgezero_enabled", "edgezero_rollout_pct"],
  ],
])("each read looks up no more than it must: %s", async (_, values, lookups) => {
  opened.values = values;
  const store = createConfigStore();
  for (let i = 0; i < 3; i++) {
    opened.lookups = [];
    await readRollout(store);
    expect(opened.lookups).toEqual(lookups);
  }
});
