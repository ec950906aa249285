import { defineConfig } from "vitest/config";
import { PATIENCE } from "@edgezero/testbed/patience";

export default defineConfig({
  test: { setupFiles: ["../../packages/testbed/src/fixed-seed.ts"], ...PATIENCE },
});
