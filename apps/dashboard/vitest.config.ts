import { defineConfig } from "vitest/config";

// The tests drive a real browser, which takes its time on a machine that has other work too.
export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
