// Memory of the Node gateway with events and metrics, over two million requests.
import autocannon from "autocannon";
import { usageOf } from "./load/usage.ts";
import { startNodeGateway } from "./servers/node-gateway.ts";

const BATCHES = 20;
const BATCH_REQUESTS = 100_000;
const CONNECTIONS = 32;
/** The first batches warm up: code is compiled, and the heap finds its size. */
const WARM_UP_BATCHES = 5;
const MOST_GROWTH = 1.1;

const server = await startNodeGateway({ env: { METRICS_PORT: "0", EVENT_SAMPLE_RATE: "0.01" } });
const megabytes: number[] = [];
try {
  for (let batch = 1; batch <= BATCHES; batch++) {
    const { errors, non2xx } = await autocannon({
      url: server.url,
      connections: CONNECTIONS,
      amount: BATCH_REQUESTS,
    });
    if (errors > 0 || non2xx > 0) throw new Error("a request failed");
    megabytes.push(Math.round(usageOf(server.pid).megabytes));
    console.log(
      `${(batch * BATCH_REQUESTS).toLocaleString("en")} requests: ${megabytes.at(-1)} MB`,
    );
  }
} finally {
  await server.stop();
}

const warm = megabytes.slice(WARM_UP_BATCHES);
const half = Math.ceil(warm.length / 2);
const growth = Math.max(...warm.slice(half)) / Math.max(...warm.slice(0, half));
console.log(`largest of the last half / largest of the half before: ${growth.toFixed(3)}`);
if (growth > MOST_GROWTH) process.exit(1);
