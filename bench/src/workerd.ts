// Requests per second of the Worker in workerd, against the same without, and as a proxy against a plain one.
import { USUAL_SCALE, WORKERD, WORKERD_LEAST, WORKERD_PROXY } from "./comparisons.ts";
import { compareThroughput, printThroughput } from "./throughput.ts";

for (const comparison of [WORKERD_PROXY, WORKERD_LEAST, WORKERD]) {
  printThroughput(await compareThroughput(comparison, USUAL_SCALE));
}
