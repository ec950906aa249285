import type { NginxData } from "../nginx/measure.ts";
import { spread } from "../throughput.ts";
import { figure, table } from "./table.ts";

function met(is: boolean): string {
  return is ? "yes" : "**no**";
}

/** One row for each goal of the gateway on nginx. */
export function nginxTable({ pairs, obeyed, idle }: NginxData): string {
  const { ratio, ratios, gatewayMicroseconds, splitMicroseconds } = pairs;
  return table(
    ["the gateway on nginx", "asked", "measured", "met"],
    [
      [
        `CPU of \`split_clients\` for one request, of its own; ${ratios.length} pairs`,
        "at least 0.8",
        `${ratio.toFixed(2)} (${spread(ratios)}): ${figure(splitMicroseconds)} of ${figure(gatewayMicroseconds)} µs`,
        met(ratio >= 0.8),
      ],
      [
        `last old decision of ${obeyed.workers} workers after a change, p99 of ${obeyed.writes}`,
        "at most 50 ms",
        `${figure(obeyed.p99)} ms; p50 ${figure(obeyed.p50)} ms, longest ${figure(obeyed.worst)} ms`,
        met(obeyed.p99 <= 50),
      ],
      [
        `memory with ${figure(idle.connections)} idle connections`,
        "below 40 MB",
        `${figure(idle.megabytes)} MB; ${figure(idle.megabytesBefore)} MB before`,
        met(idle.megabytes < 40),
      ],
    ],
  );
}
