// Requests per second of the Fastly gateway in Viceroy, against the same without.
import { FASTLY, USUAL_SCALE } from "./comparisons.ts";
import { compareThroughput, printThroughput } from "./throughput.ts";

// Viceroy compiles the program at each start, which takes some seconds.
printThroughput(await compareThroughput(FASTLY, { ...USUAL_SCALE, instances: 3 }));
