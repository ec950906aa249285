import type { ServerRow, ThroughputData } from "../throughput.ts";
import { spread } from "../throughput.ts";
import { figure, table } from "./table.ts";

/** What `bench:http` finds. */
export interface HttpData {
  readonly loader: string;
  readonly gateways: readonly ThroughputData[];
  /** What could not be measured, and why. */
  readonly skipped: Readonly<Record<string, string>>;
}

/** The columns that {@link cells} fills. */
export const COLUMNS: readonly string[] = [
  "requests/s",
  "p50, ms",
  "p99, ms",
  "CPU, µs",
  "peak, MB",
];

/**
 * Two rows for each gateway. The ratios are of requests per second and of requests per second of CPU
 * time.
 */
export function gatewayTable({ gateways }: HttpData): string {
  const body = gateways.flatMap(({ title, rows, ratios, ratio, cpuRatios, cpuRatio }) => {
    const [withRollout, without] = rows;
    return [
      [
        `${title}, ${withRollout.name}`,
        ...cells(withRollout),
        ratio.toFixed(2),
        spread(ratios),
        cpuRatio.toFixed(2),
        spread(cpuRatios),
      ],
      [`${title}, ${without.name}`, ...cells(without), "1", "", "1", ""],
    ];
  });
  return table(["gateway", ...COLUMNS, "ratio", "of pairs", "by CPU", "of pairs"], body);
}

/** The figures of a server. */
export function cells(row: ServerRow): string[] {
  return [
    figure(row.requestsPerSecond),
    figure(row.p50),
    figure(row.p99),
    figure(row.cpuMicroseconds),
    figure(row.peakMegabytes),
  ];
}
