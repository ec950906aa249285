import { describeWithPrometheus, promtool } from "@edgezero/testbed/prometheus/promtool";
import { describe, expect, test } from "vitest";
import { ExpositionError, parseExposition } from "./parse-exposition.ts";

const IN_ORDER = [
  { name: "no labels", page: "a 1\n", samples: [{ name: "a", labels: {}, value: 1 }] },
  { name: "no samples", page: "", samples: [] },
  { name: "comments", page: "# a comment\n# HELP a b\n# TYPE a counter\n\n", samples: [] },
  { name: "a time", page: "a 1 1700000000000\n", samples: [{ name: "a", labels: {}, value: 1 }] },
  {
    name: "labels, with a comma at their end",
    page: 'a{b="c",d="e",} 2.5e3\n',
    samples: [{ name: "a", labels: { b: "c", d: "e" }, value: 2500 }],
  },
  {
    name: "escapes, braces and commas in a label",
    page: 'a{b="\\\\n\\"}, {\\n"} 1\n',
    samples: [{ name: "a", labels: { b: '\\n"}, {\n' }, value: 1 }],
  },
  {
    name: "spaces and tabs",
    page: 'a {  b = "c" , d="e" }\t1\n',
    samples: [{ name: "a", labels: { b: "c", d: "e" }, value: 1 }],
  },
  { name: "an empty label set", page: "a{} 1\n", samples: [{ name: "a", labels: {}, value: 1 }] },
  { name: "NaN", page: "a NaN\n", samples: [{ name: "a", labels: {}, value: NaN }] },
  {
    name: "infinities",
    page: "a +Inf\nb -Inf\n",
    samples: [
      { name: "a", labels: {}, value: Infinity },
      { name: "b", labels: {}, value: -Infinity },
    ],
  },
  { name: "a negative number", page: "a -1\n", samples: [{ name: "a", labels: {}, value: -1 }] },
];

const OUT_OF_ORDER = [
  { name: "a page that is cut off in a number", page: "a 12" },
  { name: "a page that is cut off in its labels", page: 'a{b="c' },
  { name: "a value that is a word", page: "a one\n" },
  { name: "a value that is missing", page: "a\n" },
  { name: "a label without quotes", page: "a{b=c} 1\n" },
  { name: "a label without an end", page: 'a{b="c} 1\n' },
  { name: "braces without an end", page: 'a{b="c" 1\n' },
  { name: "two commas", page: 'a{b="c",,d="e"} 1\n' },
  { name: "a name that begins with a digit", page: "1a 1\n" },
  { name: "JSON", page: '{"a":1}\n' },
  { name: "HTML", page: "<!doctype html>\n" },
  { name: "a time that is a word", page: "a 1 now\n" },
];

const all = (): boolean => true;

describe("a page in order gives its samples", () => {
  test.each(IN_ORDER)("$name", ({ page, samples }) => {
    expect(parseExposition(page, all)).toEqual(samples);
  });
});

describe("a page out of order throws", () => {
  test.each(OUT_OF_ORDER)("$name", ({ page }) => {
    expect(() => parseExposition(page, all)).toThrow(ExpositionError);
  });

  test("a series that comes twice", () => {
    const page = 'a{b="1",c="2"} 1\na{c="2",b="1"} 1\n';
    expect(() => parseExposition(page, all)).toThrow("line 2: the series comes twice");
  });
});

test("samples of metrics that are not wanted are left out", () => {
  const samples = parseExposition("a 1\nb 2\n", (name) => name === "b");
  expect(samples.map(({ name }) => name)).toEqual(["b"]);
});

/** Its linter says more of a page, after it has parsed it. */
const isParsed = (page: string): boolean =>
  !/error while linting|parsing error/.test(promtool(["check", "metrics"], page).said);

describeWithPrometheus("Prometheus's own parser agrees", () => {
  test.each(IN_ORDER)("in order: $name", ({ page }) => {
    expect(isParsed(page)).toBe(true);
  });

  test.each(OUT_OF_ORDER)("out of order: $name", ({ page }) => {
    expect(isParsed(page)).toBe(false);
  });
});
