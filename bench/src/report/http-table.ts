import type { ProxyRow } from "../proxies/measure.ts";
import type { ServerRow, ThroughputData } from "../throughput.ts";
import { figure, table } from "./table.ts";

/** What `bench:http` finds. */
export interface HttpData {
  readonly loader: string;
  readonly gateways: readonly ThroughputData[];
  readonly proxies: readonly ProxyRow[];
  /** What could not be measured, and why. */
  readonly skipped: Readonly<Record<string, string>>;
}

const COLUMNS = ["requests/s", "p50, ms", "p99, ms", "CPU, µs", "peak, MB"];

/** Two rows for each gateway. The ratio is that of the requests per second. */
export function gatewayTable({ gateways }: HttpData): string {
  const body = gateways.flatMap(({ title, rows, ratio }) =>
    rows.map((row, i) => [
      `${title}, ${row.name}`,
      ...cells(row),
      i === 0 ? ratio.toFixed(2) : "1",
    ]),
  );
  return table(["built-in handlers", ...COLUMNS, "ratio"], body);
}

/** One row for each proxy. */
export function proxyTable({ proxies }: HttpData): string {
  const body = proxies.map((row) => [row.name, ...cells(row), row.timesNginx.toFixed(2)]);
  return table(["in front of two origins", ...COLUMNS, "× nginx"], body);
}

function cells(row: ServerRow): string[] {
  return [
    figure(row.requestsPerSecond),
    figure(row.p50),
    figure(row.p99),
    figure(row.cpuMicroseconds),
    figure(row.peakMegabytes),
  ];
}
