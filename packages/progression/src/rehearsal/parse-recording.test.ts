import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ndjson, recorded } from "../../test/recorded.ts";
import { PLAN } from "../../test/site.ts";
import { parseRecording } from "./parse-recording.ts";
import type { RecordingFinding } from "./recording.ts";

const LINES = recorded(PLAN, { rps: 100, clients: { count: 50, tail: 2 } }, [
  { pct: 0, windows: 2 },
  { pct: 10, windows: 2 },
]);
const [HEAD, FIRST, SECOND] = LINES;
const SILENCE = { type: "silence", source: "scrape", at: 2e12 };

function findingsOf(text: string): readonly RecordingFinding[] {
  const parsed = parseRecording(text);
  return parsed.recording === null ? parsed.findings : [];
}

test("a recording is read as it was written; empty lines count for nothing", () => {
  const text = `${ndjson(LINES)}\n\n${ndjson([SILENCE])}`;
  const parsed = parseRecording(text);
  expect(parsed.recording?.head).toEqual(HEAD);
  expect(parsed.recording?.entries).toEqual([...LINES.slice(1), SILENCE]);
});

test("what is left out has its default", () => {
  const { decisions: _, instances: __, ...bare } = FIRST as unknown as Record<string, unknown>;
  const { recording } = parseRecording(ndjson([HEAD, bare]));
  expect(recording?.entries[0]).toMatchObject({ decisions: {}, instances: null });
});

interface Bad {
  readonly name: string;
  readonly lines: readonly unknown[];
  readonly line: number;
  readonly code: RecordingFinding["code"];
  readonly place: string;
}

const window = FIRST as unknown as Record<string, object>;

test.each<Bad>([
  { name: "nothing", lines: [], line: 1, code: "no-head", place: "" },
  { name: "no head", lines: [FIRST], line: 1, code: "no-head", place: "" },
  {
    name: "bounds that fall",
    lines: [{ ...HEAD, bounds: [2, 1] }],
    line: 1,
    code: "wrong-value",
    place: "/bounds",
  },
  {
    name: "a version of later",
    lines: [{ ...HEAD, version: 2 }],
    line: 1,
    code: "wrong-value",
    place: "/version",
  },
  {
    name: "an unknown type",
    lines: [HEAD, FIRST, { type: "windows" }],
    line: 3,
    code: "wrong-value",
    place: "/type",
  },
  {
    name: "a second head",
    lines: [HEAD, HEAD],
    line: 2,
    code: "wrong-value",
    place: "/type",
  },
  {
    name: "a mistyped field",
    lines: [HEAD, { ...window, percent: 5 }],
    line: 2,
    code: "unknown-key",
    place: "/percent",
  },
  {
    name: "no control",
    lines: [HEAD, { ...window, control: undefined }],
    line: 2,
    code: "missing",
    place: "/control",
  },
  {
    name: "a window of another length",
    lines: [HEAD, { ...window, from: 0, to: 1000 }],
    line: 2,
    code: "wrong-value",
    place: "/to",
  },
  {
    name: "more hits than trials",
    lines: [
      HEAD,
      { ...window, canary: { requests: 1, signals: { errors: { trials: 1, hits: 2 } } } },
    ],
    line: 2,
    code: "wrong-value",
    place: "/canary/signals/errors/hits",
  },
  {
    name: "a bucket too few",
    lines: [HEAD, { ...window, canary: { requests: 1, signals: { p95: { buckets: [1] } } } }],
    line: 2,
    code: "wrong-value",
    place: "/canary/signals/p95/buckets",
  },
  {
    name: "more failing clients than clients",
    lines: [
      HEAD,
      { ...window, canary: { requests: 1, clients: { all: 1, failing: 2 }, signals: {} } },
    ],
    line: 2,
    code: "wrong-value",
    place: "/canary/clients/failing",
  },
  { name: "a window twice", lines: [HEAD, FIRST, FIRST], line: 3, code: "out-of-order", place: "" },
  {
    name: "windows in another order",
    lines: [HEAD, SECOND, FIRST],
    line: 3,
    code: "out-of-order",
    place: "",
  },
])("$name is found, with its line", ({ lines, line, code, place }) => {
  expect(findingsOf(ndjson(lines))).toMatchObject([{ line, code, place }]);
});

test("all findings come at once", () => {
  const text = `${ndjson([HEAD])}{\n${ndjson([{ ...window, pct: 101, from: -1 }, FIRST])}[]\n`;
  const found = findingsOf(text).map(({ line, place, code }) => `${line} ${code} ${place}`);
  expect(found.toSorted()).toEqual([
    "2 not-json ",
    "3 wrong-value /from",
    "3 wrong-value /pct",
    "5 wrong-value /type",
  ]);
});

test("any text is a recording, or has findings; nothing is thrown", () => {
  const text = fc.oneof(
    fc.string(),
    fc.array(fc.jsonValue()).map(ndjson),
    fc.array(fc.jsonValue()).map((lines) => ndjson([HEAD, ...lines])),
  );
  fc.assert(
    fc.property(text, (given) => {
      const parsed = parseRecording(given);
      expect(parsed.recording !== null || parsed.findings.length > 0).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
