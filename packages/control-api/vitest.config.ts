import { defineConfig } from "vitest/config";

export default defineConfig({ test: { setupFiles: ["../testbed/src/fixed-seed.ts"] } });
