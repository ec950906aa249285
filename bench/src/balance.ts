// How close the real share comes to the percentage that was asked for.
import { LARGEST_USUAL } from "./balance/chi-square.ts";
import { FULL_SCALE, measureBalance } from "./balance/measure.ts";
import { addressTable, requestTable } from "./report/balance-table.ts";
import { writeResult } from "./report/results.ts";

const data = measureBalance(FULL_SCALE);
console.log(`${addressTable(data)}\n\n${requestTable(data)}\n`);
const { least, greatest } = data.withinNetworks;
console.log(`Within single /24 networks, at 10 %: ${least.toFixed(1)} to ${greatest.toFixed(1)} %`);
console.log(
  `Chi-square of 100 buckets at random: about 99, in 99 of 100 cases up to ${LARGEST_USUAL}`,
);
writeResult("balance", {}, data);
