import { expect, test } from "vitest";
import { oldNodeText } from "./node-version.ts";

test.each([
  { engines: ">=26.5", running: "26.5.0", isOld: false },
  { engines: ">=26.5", running: "27.0.0", isOld: false },
  { engines: ">=26.5", running: "26.4.9", isOld: true },
  { engines: ">=26.5", running: "24.11.1", isOld: true },
  { engines: ">=20", running: "20.0.0", isOld: false },
  { engines: ">=20", running: "18.20.4", isOld: true },
])("Node $running where $engines is needed is old: $isOld", ({ engines, running, isOld }) => {
  const text = `The gateway needs Node ${engines.slice(2)} or newer, and this is ${running}.`;
  expect(oldNodeText("The gateway", engines, running)).toBe(isOld ? text : null);
});
