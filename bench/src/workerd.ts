// Requests per second of the Worker in workerd, against the same without.
import { WORKERD, USUAL_SCALE } from "./comparisons.ts";
import { compareThroughput, printThroughput } from "./throughput.ts";

printThroughput(await compareThroughput(WORKERD, USUAL_SCALE));
