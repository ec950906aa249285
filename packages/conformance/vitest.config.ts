import { defineConfig } from "vitest/config";
import { PATIENCE } from "@edgezero/testbed/patience";
import { createMatrixReporter } from "./src/matrix-reporter.ts";

export default defineConfig({
  test: {
    include: ["test/*.test.ts"],
    // One runtime at a time, so that each has the machine for itself while it is under load.
    fileParallelism: false,
    ...PATIENCE,
    hookTimeout: 180_000,
    reporters: ["default", createMatrixReporter()],
  },
});
