import { configDefaults, defineConfig } from "vitest/config";
import { PATIENCE } from "@edgezero/testbed/patience";

// Those of `test/long` take many minutes, and `test:long` runs them.
const LONG = process.env["LONG"] === undefined ? ["test/long/**"] : [];

export default defineConfig({
  test: { exclude: [...configDefaults.exclude, ...LONG], ...PATIENCE },
});
