import { expect, test } from "vitest";
import { expandPlan } from "../plan/short-plan.ts";
import { courseRows, stageRows, summaryRows } from "./course-table.ts";
import { rehearse } from "./rehearse.ts";
import { rehearseMany } from "./rehearse-many.ts";

const PLAN = expandPlan([
  { pct: 10, hold: "10m" },
  { pct: 100, hold: "10m" },
]);
const FAULT = { kind: "rate", signal: "errors", rate: 0.05, atMs: 0, forMs: null } as const;

test("a course shows what happened when, and where it ended", () => {
  const course = rehearse(PLAN, { rps: 200 }, [FAULT]);
  const rows = courseRows(course);
  expect(rows).toContainEqual(["00:00:00", "From now on errors of EdgeZero is 5%."]);
  expect(rows.every(([when = ""]) => /^-?\d{2,}:\d\d:\d\d$/.test(when))).toBe(true);
  expect(rows.at(-1)?.[1]).toContain(
    "Rolled back. EdgeZero was proven worse than the plan allows, by the signal errors",
  );
  expect(stageRows(course)[0]?.slice(0, 2)).toEqual(["stage 1", "10%"]);
});

test("many rehearsals show chances and times with their intervals", () => {
  const rows = summaryRows(rehearseMany(PLAN, { rps: 200 }, [FAULT], 5));
  const shown = new Map(rows.map(([what = "", value = ""]) => [what, value]));
  expect(shown.get("completed")).toMatch(/^0 of 5: 0% \(0% to \d/);
  expect(shown.get("fault found")).toMatch(/^5 of 5: 100% \(/);
  expect(shown.get("rolled back by errors")).toBe("5");
});
