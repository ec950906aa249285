import { defineConfig } from "vitest/config";
import { PATIENCE } from "@edgezero/testbed/patience";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts"],
    // Loads must not be in each other's way.
    fileParallelism: false,
    ...PATIENCE,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
