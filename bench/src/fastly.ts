// Requests per second of the Fastly gateway in Viceroy, against the same without.
import { FASTLY, FASTLY_WARMED, USUAL_SCALE } from "./comparisons.ts";
import { compareThroughput, printThroughput } from "./throughput.ts";

// Viceroy compiles the program at each start, which takes some seconds.
for (const comparison of [FASTLY, FASTLY_WARMED]) {
  printThroughput(await compareThroughput(comparison, { ...USUAL_SCALE, instances: 3 }));
}
