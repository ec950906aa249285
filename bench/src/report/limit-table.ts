import { ORIGIN_TAKES_MS } from "../limits/burst.ts";
import type { LimitData } from "../limits/measure.ts";
import { figure, table } from "./table.ts";

/** One row for each thing that is asked of the gateway at its limits. */
export function limitTable({ burst, idle, earlyRefusal }: LimitData): string {
  const { requests, statuses, originConnections } = burst;
  const answers = Object.entries(statuses).map(([status, count]) => `${count} × ${status}`);
  const { megabytes, uploads, refused, mostSent } = earlyRefusal;
  return table(
    ["what", "found", "p50, ms", "longest, ms"],
    [
      [
        `${figure(requests)} requests at once, an origin that takes ${ORIGIN_TAKES_MS} ms`,
        `${answers.join(", ")}; ${figure(originConnections)} connections to the origin`,
        figure(burst.p50),
        figure(burst.worst),
      ],
      [
        `an upload of ${figure(megabytes)} MB that the origin refuses at once`,
        `${refused} of ${uploads} got its 413, after at most ${figure(mostSent)} MB`,
        figure(earlyRefusal.p50),
        figure(earlyRefusal.worst),
      ],
      [
        `${figure(idle.connections)} idle connections, memory for each`,
        `${figure(idle.kilobytesEach)} kB`,
        "",
        "",
      ],
    ],
  );
}
