// Requests per second of the Node gateway with events and metrics, against the same without: where
// its own handlers answer, and in front of two origins.
import { MEASURED_CORE, OTHER_CORE } from "./load/pinned.ts";
import { NODE_EVENTS, USUAL_SCALE } from "./comparisons.ts";
import { startUpstream } from "./proxies/upstream.ts";
import { startNodeGateway } from "./servers/node-gateway.ts";
import { compareThroughput, printThroughput } from "./throughput.ts";

printThroughput(await compareThroughput(NODE_EVENTS, USUAL_SCALE));

const upstream = await startUpstream(OTHER_CORE);
try {
  const env = { LEGACY_ORIGIN: upstream.legacy, EDGEZERO_ORIGIN: upstream.edgezero };
  const proxies = {
    title: "Node, in front of two origins",
    difference: "events and metrics",
    startGateway: async () =>
      startNodeGateway({
        env: { ...env, METRICS_PORT: "0", EVENT_SAMPLE_RATE: "0.01" },
        core: MEASURED_CORE,
      }),
    startBaseline: async () => startNodeGateway({ env, core: MEASURED_CORE }),
  };
  printThroughput(await compareThroughput(proxies, USUAL_SCALE));
} finally {
  await upstream.stop();
}
