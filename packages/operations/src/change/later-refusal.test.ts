import { RUNBOOK_PLAN } from "@edgezero/progression/plan";
import { expect, test } from "vitest";
import { laterRefusal } from "./later-refusal.ts";

const OFF = { edgezero_enabled: "false", edgezero_rollout_pct: "0" };

test("a percentage that is set while the switch is off may be refused when it is turned on", () => {
  expect(laterRefusal(RUNBOOK_PLAN, OFF, { edgezero_rollout_pct: "100" })).toContain(
    "100% is more than one stage of the plan up from 0%",
  );
  expect(laterRefusal(RUNBOOK_PLAN, OFF, { edgezero_rollout_pct: "1" })).toBeNull();
});

test("a change that is no such change is not refused later", () => {
  const on = { ...OFF, edgezero_enabled: "true" };
  expect(laterRefusal(RUNBOOK_PLAN, on, { edgezero_rollout_pct: "100" })).toBeNull();
  expect(
    laterRefusal(
      RUNBOOK_PLAN,
      { ...OFF, edgezero_rollout_pct: "100" },
      { edgezero_enabled: "false" },
    ),
  ).toBeNull();
});
