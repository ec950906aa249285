import { defineConfig } from "vitest/config";
import { PATIENCE } from "@edgezero/testbed/patience";

export default defineConfig({
  test: {
    include: ["test/*.test.ts"],
    // Each starts gateways and compilers, and they share one copy of the repository.
    fileParallelism: false,
    ...PATIENCE,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
