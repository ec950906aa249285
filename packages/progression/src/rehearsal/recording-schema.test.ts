import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ndjson, recorded } from "../../test/recorded.ts";
import { PLAN } from "../../test/site.ts";
import { parseRecording } from "./parse-recording.ts";
import type { RecordingFinding } from "./recording.ts";

const LINES = [
  ...recorded(PLAN, { rps: 100, clients: { count: 50, tail: 2 } }, [{ pct: 10, windows: 2 }]),
  { type: "silence", source: "scrape", at: 2e12 },
];

function findingsOf(text: string): readonly RecordingFinding[] {
  const parsed = parseRecording(text);
  return parsed.recording === null ? parsed.findings : [];
}

const schema = JSON.parse(
  readFileSync(new URL("../../recording.schema.json", import.meta.url), "utf8"),
) as object;
const isBySchema = new Ajv2020({ strict: true, strictTypes: false }).compile(schema);

const number = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(0, 1, 5, 1.5) },
  fc.constantFrom<unknown>(-1, "1", null, 1e17),
);
/** Mostly an object with all that is needed, and sometimes something else. */
const fields = (shape: Record<string, fc.Arbitrary<unknown>>, needed: readonly string[]) =>
  fc.oneof(
    {
      weight: 20,
      arbitrary: fc.record(shape, { requiredKeys: [...needed], noNullPrototype: true }),
    },
    fc.record(shape, { requiredKeys: [], noNullPrototype: true }),
    fc.constantFrom<unknown>(null, 5, [], { extra: 1 }),
  );
const signal = fc.oneof(
  fields({ trials: number, hits: number }, ["trials", "hits"]),
  fields({ buckets: fc.oneof(fc.constant([1, 2, 3]), fc.array(number, { maxLength: 4 })) }, [
    "buckets",
  ]),
);
const path = fields(
  {
    requests: number,
    clients: fc.oneof(
      fc.constant(null),
      fields({ all: number, failing: number }, ["all", "failing"]),
    ),
    signals: fc.dictionary(fc.constantFrom("a", "b c"), signal, {
      maxKeys: 2,
      noNullPrototype: true,
    }),
  },
  ["requests", "signals"],
);
const typed = (name: string): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 20, arbitrary: fc.constant(name) }, fc.constantFrom<unknown>("x", 1));
const source = fc.oneof(
  { weight: 20, arbitrary: fc.constant("scrape") },
  fc.constantFrom<unknown>("", "1", 5),
);
const line = fc.oneof(
  fields(
    {
      type: typed("window"),
      source,
      from: fc.constant(1000),
      to: fc.constantFrom(1005, 1006),
      pct: fc.constantFrom<unknown>(0, 50, 100, 101, 1.5),
      canary: path,
      control: path,
      decisions: fc.dictionary(fc.constantFrom("e-1", "e-2"), number, { noNullPrototype: true }),
      instances: fc.oneof(fc.constant(null), number),
    },
    ["type", "source", "from", "to", "pct", "canary", "control"],
  ),
  fields({ type: typed("silence"), source, at: number }, ["type", "source", "at"]),
);
const head = fields(
  {
    type: typed("recording"),
    version: fc.constantFrom<unknown>(1, 1, 1, 2),
    source,
    windowMs: fc.constantFrom<unknown>(5, 5, 0, 1e9),
    bounds: fc.constantFrom<unknown>([10, 20], [10, 20], [], [0, 1], [2, 1], "1"),
  },
  ["type", "version", "source", "windowMs", "bounds"],
);
const HEAD_OF_TWO = {
  type: "recording",
  version: 1,
  source: "scrape",
  windowMs: 5,
  bounds: [10, 20],
};

/** What a JSON Schema cannot say, since it compares values or lines. */
const isBeyond = ({ place, allowed, code }: RecordingFinding): boolean =>
  code === "out-of-order" ||
  /^at most (all|trials)$/.test(allowed) ||
  (place === "/to" && allowed === "5 ms after from");

test("the schema takes and refuses lines as the parser does, but for what a schema cannot say", () => {
  const seen = { taken: 0, refused: 0 };
  fc.assert(
    fc.property(line, (data) => {
      const findings = findingsOf(ndjson([HEAD_OF_TWO, data]));
      // How many buckets there must be, the head says; how few a schema knows, too.
      if (findings.some(({ place }) => place.endsWith("/buckets"))) return;
      const isTaken = findings.every(isBeyond);
      seen[isTaken ? "taken" : "refused"] += 1;
      expect({ findings, taken: isBySchema(data) }).toEqual({ findings, taken: isTaken });
    }),
    { numRuns: 5000 },
  );
  expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(200);
}, 60_000);

test("the schema takes and refuses heads as the parser does, but for bounds that fall", () => {
  fc.assert(
    fc.property(head, (data) => {
      const findings = findingsOf(ndjson([data]));
      const falls = JSON.stringify(data).includes("[2,1]");
      if (falls && findings.length === 1) return;
      expect(isBySchema(data)).toBe(findings.length === 0);
    }),
    { numRuns: 2000 },
  );
});

test("the schema takes each line of a recording", () => {
  for (const one of LINES) expect(isBySchema(one)).toBe(true);
});
