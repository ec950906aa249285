import { defineConfig } from "vitest/config";
import { PATIENCE } from "@edgezero/testbed/patience";

// Most of the time is waiting, for limits of time above all: hence more workers than a small machine has cores.
export default defineConfig({
  test: { setupFiles: ["../testbed/src/fixed-seed.ts"], maxWorkers: 4, ...PATIENCE },
});
