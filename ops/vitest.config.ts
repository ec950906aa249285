import { defineConfig } from "vitest/config";

// The tests start real processes, which takes its time on a machine that has other work too.
export default defineConfig({
  test: {
    // One file at a time: latencies are measured, which a busy machine adds to on both paths.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
