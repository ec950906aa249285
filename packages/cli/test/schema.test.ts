import { readFileSync } from "node:fs";
import { configJsonSchema } from "@edgezero/config/json-schema";
import { expect, test } from "vitest";

test("the shipped schema is that of the loader: run `node scripts/write-schema.ts`", () => {
  const shipped = readFileSync(new URL("../schema/edgezero.config.schema.json", import.meta.url));
  expect(JSON.parse(shipped.toString())).toEqual(configJsonSchema());
});
