import * as fc from "fast-check";

/** Mostly one of the values that are right, and sometimes one that is not. */
function mostly<Value>(
  right: fc.Arbitrary<Value>,
  ...wrong: readonly unknown[]
): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 14, arbitrary: right },
    { weight: 1, arbitrary: fc.constantFrom(...wrong) },
  );
}

const duration = mostly(
  fc.constantFrom("15s", "30m", "2h", "000001d"),
  "0m",
  "x",
  "1w",
  5,
  "1234567s",
);
const number = mostly(fc.constantFrom(0.1, 0.5, 0.9), 0, -1, 1, 1.5, 100, 1e-10, 2e6, "1", null);
const large = mostly(fc.constantFrom(1.5, 2, 50), 0, 1, 100, 1e6, 1e7, "2");
const count = mostly(fc.constantFrom(0, 7, 1e15), -1, 1.5, 1e16, "1");
const flag = mostly(fc.boolean(), "true", 1);
const margin = mostly(
  fc.oneof(
    fc.record({ points: number }),
    fc.record({ percent: fc.oneof(number, large) }),
    fc.record({ times: large }),
  ),
  {},
  "0.1%",
  { points: 1, percent: 1 },
  { point: 1 },
);
const counter = mostly(
  fc.record(
    { metric: fc.constant("wins_total"), match: fc.constantFrom({}, { site: "a" }) },
    { requiredKeys: ["metric"] },
  ),
  {},
  { metric: "1a" },
  { metric: "a", match: { site: 1 } },
  { metric: "a", more: 1 },
);
const subject = mostly(
  fc.oneof(
    fc.constantFrom("failures", "timeouts", "latency"),
    fc.record({ hits: counter, trials: counter }),
  ),
  "errors",
  { hits: { metric: "a" } },
);
const signal = fc.record(
  {
    kind: mostly(fc.constantFrom("rate", "quantile"), "median"),
    of: subject,
    quantile: number,
    margin,
    worse: mostly(fc.constantFrom("up", "up", "up", "down", "both"), "left"),
    ceiling: mostly(
      fc.oneof(fc.record({ rate: number }), fc.record({ ms: large })),
      {},
      { rate: 0.1, ms: 5 },
      0.02,
    ),
    breach: mostly(fc.constantFrom("rollback", "hold"), "page"),
    rollbackAfter: duration,
    required: flag,
    weight: number,
    minTrials: count,
    minHits: count,
    source: mostly(fc.constantFrom("prometheus", "a:b.c-d"), "", "1a", 5),
    extra: fc.constant(1),
  },
  { requiredKeys: ["kind", "margin", "breach"], noNullPrototype: true },
);
/** A signal with few fields, since each field can be wrong. */
const someSignal = fc.oneof(
  { weight: 2, arbitrary: signal },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom("rate", "quantile"),
      margin,
      breach: fc.constantFrom("rollback", "hold"),
    }),
  },
);
const stage = fc.record(
  {
    pct: mostly(fc.integer({ min: 1, max: 100 }), 0, 101, 1.5, "5", null),
    hold: duration,
    minRequests: count,
    approval: flag,
  },
  { requiredKeys: ["pct"] },
);
const stages = fc.oneof(
  { weight: 3, arbitrary: fc.array(stage, { maxLength: 2 }) },
  { weight: 3, arbitrary: fc.constant([{ pct: 1, hold: "30m" }]) },
);
const freeze = mostly(
  fc.constantFrom("Fri 16:00 - Mon 08:00 Europe/Berlin", "Mon 00:00 - Thu 23:59"),
  "Fri 16:00 - Mon 08:00 Europe/Berin",
  "Fri 16:00 - Fri 16:00",
  "Fri 24:00 - Mon 08:00",
  "weekends",
);

/** A plan in its full form, right or wrong in a few places. */
export const fullPlan: fc.Arbitrary<unknown> = fc.record(
  {
    $schema: mostly(fc.constant("./plan.schema.json"), 5),
    stages,
    advance: mostly(fc.constantFrom("no-breach", "proven"), "soon"),
    signals: fc.dictionary(
      mostly(fc.constantFrom("a", "b-1"), "a/b", "1") as fc.Arbitrary<string>,
      someSignal,
      {
        maxKeys: 2,
        noNullPrototype: true,
      },
    ),
    falseRollback: number,
    freeze: fc.array(freeze, { maxLength: 2 }),
    noData: fc.dictionary(
      fc.constantFrom("grace", "page", "repeat", "rollbackAfter", "pages"),
      duration,
      { maxKeys: 2, noNullPrototype: true },
    ),
    propagation: duration,
    window: duration,
    drain: duration,
    extra: fc.constant(1),
  },
  { requiredKeys: ["stages"], noNullPrototype: true },
);

/** Data of any kind, mostly near a plan. */
export const planLike: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fullPlan },
  { weight: 3, arbitrary: stages },
  fc.jsonValue(),
);
