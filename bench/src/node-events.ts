// Requests per second of the Node gateway with events and metrics, against the same without.
import { NODE_EVENTS, USUAL_SCALE } from "./comparisons.ts";
import { compareThroughput, printThroughput } from "./throughput.ts";

printThroughput(await compareThroughput(NODE_EVENTS, USUAL_SCALE));
