import { expect, test } from "vitest";
import { barChart } from "../scripts/sections/bar-chart.ts";

const BARS = [
  { name: "a <b> & c", value: 1234.5, isOwn: true },
  { name: "half", value: 617.25, isOwn: false },
];

test("a bar is as long as its value, and has it beside", () => {
  const svg = barChart("costs", "µs", BARS);
  const lengths = [...svg.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(([, width]) =>
    Number(width),
  );
  expect(lengths[0]).toBeCloseTo(2 * (lengths[1] ?? 0), 0);
  expect(svg).toContain(">1,230 µs<");
});

test("names are text, and no line is empty, which would end the drawing in Markdown", () => {
  const svg = barChart("costs", "µs", BARS);
  expect(svg).toContain(">a &lt;b> &amp; c<");
  expect(svg).not.toMatch(/\n\s*\n/);
});
