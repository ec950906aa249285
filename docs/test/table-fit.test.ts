import { expect, test } from "vitest";
import { fitsAsTable } from "../.vitepress/table-fit.ts";

const HEAD = ["setting", "default", "allowed", "what it does"];
const LONG_NAME = `\`${"LONG_NAME_".repeat(3)}\``;

test.each([
  { name: "short cells", row: ["`PORT`", "`8787`", "a whole number", "The port."], fits: true },
  { name: "one long cell alone", row: ["word ".repeat(80)], fits: true },
  {
    name: "a long text beside others, which leave it a strip",
    row: ["`CONFIG_LAST_VALUES_FILE`", "none", "the path of a file", "word ".repeat(60)],
    fits: false,
  },
  { name: "names that are wider together", row: [LONG_NAME, LONG_NAME, LONG_NAME], fits: false },
  {
    name: "links, whose addresses are not shown",
    row: ["a", `[b](https://example.com/${"x".repeat(200)})`],
    fits: true,
  },
])("a table with $name", ({ row, fits }) => {
  expect(fitsAsTable([HEAD.slice(0, row.length), row])).toBe(fits);
});
