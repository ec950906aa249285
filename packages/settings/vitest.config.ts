import { defineConfig } from "vitest/config";

// Tests share their machine with other work: the limits are those of the testbed.
export default defineConfig({
  test: {
    setupFiles: ["../testbed/src/fixed-seed.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
