// Requests per second of the Fastly gateway in Viceroy, against the same handlers without the
// rollout.
import { fileURLToPath } from "node:url";
import { startViceroy } from "@edgezero/conformance/runtimes/viceroy";
import { compareThroughput } from "./throughput.ts";

const guest = (name: string): string =>
  fileURLToPath(new URL(`./guests/fastly-${name}.ts`, import.meta.url));

await compareThroughput({
  title: "Fastly Compute in Viceroy",
  startGateway: async () =>
    startViceroy({
      source: guest("gateway"),
      hasConfigStore: true,
      fixedConfig: { edgezero_enabled: "true", edgezero_rollout_pct: "10" },
    }),
  startBaseline: async () => startViceroy({ source: guest("baseline"), hasConfigStore: false }),
  // Viceroy compiles the program at each start, which takes some seconds.
  instances: 1,
});
