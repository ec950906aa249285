import { defineConfig } from "vitest/config";

// The tests start real processes, which takes its time on a machine that has other work too. Most of
// it is waiting, for limits of time above all: hence more workers than a small machine has cores.
export default defineConfig({
  test: {
    setupFiles: ["../testbed/src/fixed-seed.ts"],
    maxWorkers: 4,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
