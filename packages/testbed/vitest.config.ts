import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // They read every source of the repository, which takes its time on a machine that has other work too.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
