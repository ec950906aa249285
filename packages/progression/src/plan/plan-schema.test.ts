import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { planLike } from "../../test/plan-arbitraries.ts";
import type { PlanCode, PlanFinding } from "./finding.ts";
import { parsePlan } from "./parse-plan.ts";
import { RUNBOOK_PLAN } from "./plan.ts";

const schema = JSON.parse(
  readFileSync(new URL("../../plan.schema.json", import.meta.url), "utf8"),
) as object;
const isBySchema = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(
  schema,
);

/** What a JSON Schema cannot say, since it compares values, or knows time zones. */
const BEYOND: readonly { readonly code: PlanCode; readonly place: RegExp }[] = [
  { code: "not-rising", place: /^(\/stages)?\/\d+\/pct$/ },
  { code: "contradicting-no-data", place: /^\/noData\// },
  { code: "endless-freeze", place: /^\/freeze(\/\d+)?$/ },
  // A zone that nobody knows.
  { code: "wrong-value", place: /^\/freeze\/\d+$/ },
];

function isBeyond({ code, place }: PlanFinding): boolean {
  return BEYOND.some((rule) => rule.code === code && rule.place.test(place));
}

test("the schema and the parser take and refuse the same, but for what a schema cannot say", () => {
  const seen = { taken: 0, refused: 0, beyond: 0 };
  fc.assert(
    fc.property(planLike, (data) => {
      const parsed = parsePlan(data);
      const findings = parsed.plan === null ? parsed.findings : [];
      const isTaken = findings.every(isBeyond);
      if (parsed.plan !== null) seen.taken += 1;
      else if (isTaken) seen.beyond += 1;
      else seen.refused += 1;
      // Of a wrong freeze the finding does not say whether its form or its zone is wrong: see below.
      if (findings.some(isFreeze)) return;
      expect({ findings, taken: isBySchema(data) }).toEqual({ findings, taken: isTaken });
    }),
    { numRuns: 5000 },
  );
  expect(Math.min(seen.taken, seen.refused, seen.beyond)).toBeGreaterThan(50);
}, 60_000);

function isFreeze({ code, place }: PlanFinding): boolean {
  return code === "wrong-value" && place.startsWith("/freeze");
}

test.each([
  { freeze: "Fri 16:00 - Mon 08:00 Europe/Berin", taken: true },
  { freeze: "Fri 16:00 - Mon 08:00 ", taken: false },
  { freeze: "Fri 24:00 - Mon 08:00", taken: false },
  { freeze: "weekends", taken: false },
])("of a freeze $freeze that the parser refuses, the schema says: $taken", ({ freeze, taken }) => {
  const plan = { stages: RUNBOOK_PLAN, freeze: [freeze] };
  expect(parsePlan(plan).plan).toBeNull();
  expect(isBySchema(plan)).toBe(taken);
});

test("the schema takes the runbook's plan, in both forms, with a reference to itself", () => {
  expect(isBySchema(RUNBOOK_PLAN)).toBe(true);
  const plan = { $schema: "./plan.schema.json", stages: RUNBOOK_PLAN };
  expect(isBySchema(plan)).toBe(true);
  expect(parsePlan(plan).plan).toEqual(parsePlan(RUNBOOK_PLAN).plan);
});
