// Requests per second of the Node gateway, against the same without.
import { NODE, USUAL_SCALE } from "./comparisons.ts";
import { compareThroughput, printThroughput } from "./throughput.ts";

printThroughput(await compareThroughput(NODE, USUAL_SCALE));
