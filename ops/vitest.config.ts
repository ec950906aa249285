import { defineConfig } from "vitest/config";

// Prometheus starts, scrapes and fires here, hence longer limits than elsewhere.
export default defineConfig({
  test: {
    // One file at a time: latencies are measured, which a busy machine adds to on both paths.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
