import type { ProxyRow } from "../proxies/measure.ts";
import { median } from "../statistics.ts";
import { spread } from "../throughput.ts";
import { cells, COLUMNS } from "./http-table.ts";
import { table } from "./table.ts";

/** One row for each proxy, with its ratios to nginx, the first. */
export function proxyTable(proxies: readonly ProxyRow[]): string {
  const body = proxies.map((row, i) => [
    row.name,
    ...cells(row),
    row.timesNginx.toFixed(2),
    median(row.cpuRatios).toFixed(2),
    i === 0 ? "" : spread(row.cpuRatios),
  ]);
  return table(["in front of two origins", ...COLUMNS, "× nginx", "by CPU", "of rounds"], body);
}
