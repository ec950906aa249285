import { readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../pages.ts";
import { bar, label, picture } from "./picture.ts";

/** The used part of `bench/results/scale.json`. */
interface Scale {
  readonly measuredAt: string;
  readonly machine: { readonly cores: number };
  readonly data: {
    readonly gateways: readonly { readonly gateways: number; readonly lastOldMsAtMost: number }[];
  };
}

const TOP = 34;
const ROW = 26;

/** How long after a write the last request was still routed by the old values, by number of gateways. */
export function zeroPictureSection(): string {
  const path = join(REPOSITORY, "bench", "results", "scale.json");
  const { data, machine, measuredAt } = JSON.parse(readFileSync(path, "utf8")) as Scale;
  const longest = Math.max(...data.gateways.map(({ lastOldMsAtMost }) => lastOldMsAtMost));
  const rows = data.gateways.flatMap(({ gateways, lastOldMsAtMost: ms }, i) => [
    label(100, TOP + i * ROW + 14, gateways === 1 ? "1 gateway" : `${gateways} gateways`, "end"),
    bar(110, TOP + i * ROW + 2, Math.max(2, (ms / longest) * 290), 15),
    label(118 + (ms / longest) * 290, TOP + i * ROW + 14, `${ms.toFixed(1)} ms`, "start", "--text"),
  ]);
  const bottom = TOP + data.gateways.length * ROW;
  return picture("The last old decision comes a few milliseconds after the write", bottom + 28, [
    label(4, 18, "the last decision by the old values, after a write to Redis", "start", "--text"),
    ...rows,
    label(
      4,
      bottom + 18,
      `all on one machine with ${machine.cores} cores, ${measuredAt.slice(0, 10)}`,
    ),
  ]);
}
