import { defineConfig } from "vitest/config";

// The tests wait for disks and deadlines, which takes its time on a machine that has other work too.
export default defineConfig({
  test: {
    setupFiles: ["../testbed/src/fixed-seed.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
