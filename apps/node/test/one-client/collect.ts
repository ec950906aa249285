import { COLLECTED } from "./collected.ts";

// Loaded into a gateway: on SIGUSR2 it collects its garbage, and says when it has.
process.on("SIGUSR2", () => {
  globalThis.gc?.();
  process.stdout.write(`${JSON.stringify({ msg: COLLECTED })}\n`);
});
