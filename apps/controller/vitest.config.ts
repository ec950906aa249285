import { configDefaults, defineConfig } from "vitest/config";

// Those of `test/long` take many minutes, and `test:long` runs them.
const LONG = process.env["LONG"] === undefined ? ["test/long/**"] : [];

// The tests start real processes, which takes its time on a machine that has other work too.
export default defineConfig({
  test: {
    exclude: [...configDefaults.exclude, ...LONG],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
  },
});
