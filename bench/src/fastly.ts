// Requests per second of the Fastly gateway in Viceroy, against the same handlers without the
// rollout.
import { fileURLToPath } from "node:url";
import { startViceroy } from "@edgezero/conformance/runtimes/viceroy";
import { compareThroughput } from "./throughput.ts";

const guest = (name: string): string =>
  fileURLToPath(new URL(`./guests/fastly-${name}.ts`, import.meta.url));

const gateway = await startViceroy({
  source: guest("gateway"),
  hasConfigStore: true,
  fixedConfig: { edgezero_enabled: "true", edgezero_rollout_pct: "10" },
});
const baseline = await startViceroy({ source: guest("baseline"), hasConfigStore: false });
await compareThroughput("Fastly Compute in Viceroy", gateway, baseline);
