import { defineConfig } from "vitest/config";
import { PATIENCE } from "@edgezero/testbed/patience";

export default defineConfig({
  test: { setupFiles: ["../testbed/src/fixed-seed.ts"], ...PATIENCE },
});
