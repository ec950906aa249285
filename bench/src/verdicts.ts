// What a verdict costs: one window with four signals, a day of windows, and a thousand rehearsals.
import { verdictTable } from "./report/verdict-table.ts";
import { writeResult } from "./report/results.ts";
import { measureVerdicts } from "./verdicts/measure.ts";

const data = measureVerdicts({ windows: 5760, timed: 2000, late: 100_000, rehearsals: 1000 });
console.log(verdictTable(data));
writeResult("verdicts", {}, data);
