import { defineConfig } from "vitest/config";

// Simulations take seconds, and many times as long on a machine that has other work too.
export default defineConfig({
  test: { setupFiles: ["../testbed/src/fixed-seed.ts"], testTimeout: 60_000 },
});
