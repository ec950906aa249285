import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { z } from "zod";
import { configSchema } from "./config-schema.ts";
import { configJsonSchema } from "./json-schema.ts";

/** The JSON Schema as a validator of its own. */
const published = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(
  configJsonSchema(),
);
const isValid = (data: unknown): boolean => configSchema.safeParse(data).success;
const isPublished = (data: unknown): boolean => published(data);

const unit = fc.constantFrom("s", "m", "h", "d");
const hold = fc.oneof(
  fc.tuple(fc.nat(1_000_000), unit).map((parts) => parts.join("")),
  fc.constantFrom("soon", "", "1w", "-1h"),
);
const pct = fc.oneof(fc.integer({ min: -1, max: 102 }), fc.constantFrom("5", null, 1.5));
const approval = fc.constantFrom(true, "yes");
const stages = fc.array(fc.record({ pct, hold, approval }, { requiredKeys: ["pct", "hold"] }), {
  maxLength: 3,
});
const signals = fc.constantFrom(
  { errors: { kind: "rate", margin: { points: 0.1 }, breach: "rollback" } },
  { errors: { kind: "rate", margin: { ms: 5 }, breach: "rollback" } },
  {},
);
const full = fc.record(
  { stages, signals, advance: fc.constantFrom("proven", "sometimes"), extra: fc.constant(1) },
  { requiredKeys: ["stages"] },
);
const plan = fc.oneof(stages, full);
const environment = fc.record(
  {
    store: fc.constantFrom("file:./a.json", "redis://host", "", 5),
    plan,
    audit: fc.constantFrom("trail.jsonl", ""),
    operator: fc.constantFrom("ann", "", "x".repeat(201)),
    urls: fc.array(fc.constantFrom("https://a.example", "http://b.example/", 5)),
    instances: fc.constantFrom(1, 0, 1000, 1001, 1.5),
    probe: fc.constantFrom({ secretEnv: "A_B" }, { secretEnv: "1" }, {}, { secretEnv: "A", b: 1 }),
    extra: fc.constant(1),
  },
  { requiredKeys: ["store"] },
);
const config = fc.record(
  {
    $schema: fc.constant("./a.json"),
    plan,
    environments: fc.dictionary(fc.constantFrom("a", "b c", "d.e"), environment, { maxKeys: 2 }),
    extra: fc.constant(1),
  },
  { requiredKeys: [] },
);

/** Whether the percentages of every plan rise, which the schema cannot say. */
function allRise(data: z.infer<typeof configSchema>): boolean {
  const plans = [data.plan, ...Object.values(data.environments ?? {}).map((each) => each.plan)];
  return plans.every((each) => {
    const listed = Array.isArray(each) ? each : (each?.stages ?? []);
    return listed.every((stage, i) => i === 0 || stage.pct > (listed[i - 1]?.pct ?? 0));
  });
}

test("the published schema and the loader agree", () => {
  fc.assert(
    fc.property(config, (data) => {
      const given = data as z.infer<typeof configSchema>;
      expect(isPublished(given) && allRise(given)).toBe(isValid(given));
    }),
    { numRuns: 2000 },
  );
});

test.each([
  { data: { plan: [{ pct: 1, hold: "45s" }] }, is: true },
  { data: { plan: [{ pct: 1, hold: "45" }] }, is: false },
  { data: { plan: { stages: [{ pct: 1, hold: "45s", approval: true }] } }, is: true },
  { data: { plan: { stages: [] } }, is: false },
  { data: { environments: { a: { store: "file:a", operator: "ann" } } }, is: true },
  { data: { environments: { a: { store: "file:a", instances: 0 } } }, is: false },
  { data: { environments: { a: {} } }, is: false },
  { data: { environment: {} }, is: false },
  { data: { plan: { stages: [{ pct: 1, hold: "4s" }], window: "1s" } }, is: true },
  { data: { plan: { stages: [{ pct: 1, hold: "4s" }], windw: "1s" } }, is: false },
  { data: { plan: { window: "1s" } }, is: false },
  { data: { environments: { a: { store: "file:a", evidence: ["events:"] } } }, is: true },
  { data: { environments: { a: { store: "file:a", evidence: [] } } }, is: false },
  { data: { environments: { a: { store: "file:a", evidence: [{ url: "" }] } } }, is: false },
  {
    data: { environments: { a: { store: "file:a", controller: { url: "http://a.example" } } } },
    is: true,
  },
])("$data is valid: $is", ({ data, is }) => {
  expect({ loader: isValid(data), published: isPublished(data) }).toEqual({
    loader: is,
    published: is,
  });
});
