import { parentPort, workerData } from "node:worker_threads";
import { runHistory } from "./run.ts";

/** Runs the histories of some seeds in a thread of its own, and says what was visited. */
const { from, to } = workerData as { readonly from: number; readonly to: number };
const visits = new Map<string, number>();
for (let seed = from; seed < to; seed += 1) runHistory(seed, visits);
parentPort?.postMessage(visits, []);
