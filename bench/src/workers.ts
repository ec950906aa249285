// The Node gateway with one worker and with two, on cores that the load shares.
import { toolVersions } from "./load/tools.ts";
import { writeResult } from "./report/results.ts";
import { workerTable } from "./report/worker-table.ts";
import { measureWorkers } from "./workers/measure.ts";

const data = await measureWorkers({ instances: 3, warmUpSeconds: 5, rounds: 8, seconds: 1 });
console.log(workerTable(data));
writeResult("workers", toolVersions("wrk"), data);
