import { spread } from "../throughput.ts";
import type { WorkerData } from "../workers/measure.ts";
import { figure, table } from "./table.ts";

/** One row for each number of workers, and what the machine did beside. */
export function workerTable({ rows, ratio, ratios, waiting }: WorkerData): string {
  const shown = table(
    [
      "Node gateway",
      "requests/s",
      "p50, ms",
      "p99, ms",
      "CPU, µs",
      "ratio",
      "of pairs",
      "a worker, MB",
      "supervisor, MB",
    ],
    rows.map((row) => [
      row.name,
      figure(row.requestsPerSecond),
      figure(row.p50),
      figure(row.p99),
      figure(row.cpuMicroseconds),
      row.workers === 1 ? "1" : ratio.toFixed(2),
      row.workers === 1 ? "" : spread(ratios),
      figure(row.workerMegabytes),
      row.supervisorMegabytes === null ? "" : figure(row.supervisorMegabytes),
    ]),
  );
  return `${shown}\n\nThe machine's load average at the end was ${figure(waiting)}, with that of the measurement itself. On a machine with other work, two processes also get a larger share of it than one.`;
}
