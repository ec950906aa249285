// How cost and memory grow with requests, connections and gateways, how often configs are read, and
// how soon a write is obeyed.
import { LOADER } from "./load/load.ts";
import { toolVersions } from "./load/tools.ts";
import { drawPlot } from "./report/plot.ts";
import { writePlot, writeResult } from "./report/results.ts";
import {
  connectionTable,
  gatewayScaleTable,
  platformTable,
  requestScaleTable,
  scalePlots,
} from "./report/scale-table.ts";
import { FULL_SCALE, measureScale } from "./scale/measure.ts";

const data = await measureScale(FULL_SCALE);
for (const show of [requestScaleTable, connectionTable, gatewayScaleTable, platformTable]) {
  console.log(`${show(data)}\n`);
}
for (const [what, why] of Object.entries(data.skipped)) console.log(`Skipped: ${what}. ${why}`);
console.log(`Load by ${LOADER}`);
for (const [name, plot] of Object.entries(scalePlots(data))) {
  console.log(`${plot.title}, by ${plot.x}: ${plot.says}`);
  writePlot(name, drawPlot(plot));
}
writeResult("scale", toolVersions("wrk", "redis-server"), data);
