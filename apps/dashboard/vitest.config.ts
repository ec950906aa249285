import { defineConfig } from "vitest/config";
import { PATIENCE } from "@edgezero/testbed/patience";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: PATIENCE,
});
