import { defineConfig } from "vitest/config";

// Tests share their machine with other work: the limits are those of the testbed.
// Most of the time is waiting, hence more workers than a small machine has cores.
export default defineConfig({
  test: {
    setupFiles: ["../testbed/src/fixed-seed.ts"],
    maxWorkers: 4,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
