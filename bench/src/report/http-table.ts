import type { ProxyRow } from "../proxies/measure.ts";
import type { ServerRow, ThroughputData } from "../throughput.ts";
import { spread } from "../throughput.ts";
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

/**
 * Two rows for each gateway. The ratios are of requests per second and of requests per second of CPU
 * time.
 */
export function gatewayTable({ gateways }: HttpData): string {
  const body = gateways.flatMap(({ title, rows, ratios, ratio, cpuRatio }) => {
    const [withRollout, without] = rows;
    return [
      [
        `${title}, ${withRollout.name}`,
        ...cells(withRollout),
        ratio.toFixed(2),
        spread(ratios),
        cpuRatio.toFixed(2),
      ],
      [`${title}, ${without.name}`, ...cells(without), "1", "", "1"],
    ];
  });
  return table(["built-in handlers", ...COLUMNS, "ratio", "of pairs", "by CPU"], body);
}

/** One row for each proxy, with its ratios to nginx, the first. */
export function proxyTable({ proxies }: HttpData): string {
  const body = proxies.map((row) => [
    row.name,
    ...cells(row),
    row.timesNginx.toFixed(2),
    byCpu(row, proxies[0] ?? row),
  ]);
  return table(["in front of two origins", ...COLUMNS, "× nginx", "by CPU"], body);
}

function byCpu(row: ServerRow, other: ServerRow): string {
  return (other.cpuMicroseconds / row.cpuMicroseconds).toFixed(2);
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
