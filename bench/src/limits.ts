// The Node gateway where clients or origins go to their limits: a burst, uploads that are refused
// early, and connections that are idle.
import { measureLimits } from "./limits/measure.ts";
import { limitTable } from "./report/limit-table.ts";
import { writeResult } from "./report/results.ts";

const data = await measureLimits({ requests: 500, connections: 5000, megabytes: 30, uploads: 20 });
console.log(limitTable(data));
writeResult("limits", {}, data);
