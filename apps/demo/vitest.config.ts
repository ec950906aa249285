import { defineConfig } from "vitest/config";

// The tests start real processes, which takes its time on a machine that has other work too.
export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
  },
});
