// Requests per second and CPU time of this clone's Node gateway in front of two origins, against that of another
// clone: node src/node-candidate.ts OTHER_CLONE
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { USUAL_SCALE } from "./comparisons.ts";
import { MEASURED_CORE, OTHER_CORE } from "./load/pinned.ts";
import { startUpstream } from "./proxies/upstream.ts";
import { configFile, startNodeGateway } from "./servers/node-gateway.ts";
import { startServer } from "./servers/server-process.ts";
import { compareThroughput, printThroughput } from "./throughput.ts";

const [clone = ""] = process.argv.slice(2);
const other = join(resolve(clone), "apps/node/src/main.ts");
if (clone === "" || !existsSync(other)) {
  console.error(
    `Name the folder of another clone, with its packages installed: ${other} is not there.`,
  );
  process.exit(1);
}

const upstream = await startUpstream(OTHER_CORE);
const env = {
  PORT: "0",
  METRICS_PORT: "off",
  EDGEZERO_CONFIG: configFile(10),
  LEGACY_ORIGIN: upstream.legacy,
  EDGEZERO_ORIGIN: upstream.edgezero,
  TRUST_PROXY: "loopback",
};
try {
  printThroughput(
    await compareThroughput(
      {
        title: "Node, in front of two origins",
        difference: "the changes of this clone",
        startGateway: async () => startNodeGateway({ env, core: MEASURED_CORE }),
        startBaseline: async () => startServer(other, { env, core: MEASURED_CORE }),
        manyClients: true,
      },
      USUAL_SCALE,
    ),
  );
} finally {
  await upstream.stop();
}
