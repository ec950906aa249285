import { createReadStream } from "node:fs";
import { messageOf } from "@edgezero/faults/faults";
import { addressLines } from "@edgezero/operations/clients/address-lines";
import {
  bucketBars,
  populationOf,
  shareLines,
  shareOf,
} from "@edgezero/operations/clients/population";
import { CliError } from "../../cli-error.ts";
import { aligned } from "../../output/aligned.ts";
import type { Outcome, Output } from "../../output/output.ts";
import type { Paint } from "../../output/paint.ts";

const BAR_WIDTH = 40;

/** The options of `simulate`. */
export interface SimulateOptions {
  /** A file with one address a line; `-` is standard input. */
  readonly ips: string;
  readonly pct: number;
}

/** `simulate`: shows the real share of a list: a few addresses may be most of its lines. */
export async function simulate(output: Output, { ips, pct }: SimulateOptions): Promise<Outcome> {
  const progress = output.progress(`reading ${ips}`);
  const input = ips === "-" ? process.stdin : createReadStream(ips);
  const population = await populationOf(addressLines(input), (count) => {
    progress.update(`reading ${ips}: ${count} addresses`);
  })
    .catch((error: unknown) => {
      const message = `${ips} cannot be read: ${messageOf(error)}`;
      throw new CliError("usage", message, { cause: error });
    })
    .finally(progress.stop);
  if (population.lines === 0) throw new CliError("usage", `${ips} holds no addresses`);
  const share = shareOf(population, pct);
  const bars = histogram(population.buckets, pct, output.paint);
  const text = [...shareLines(population, share), bars];
  return { document: { ...share, ...population }, text: text.join("\n") };
}

/** Five buckets a row; the part that goes to EdgeZero is in green. */
function histogram(buckets: readonly number[], pct: number, paint: Paint): string {
  return aligned(
    bucketBars(buckets, pct, BAR_WIDTH).map(({ range, total, edgezero, legacy }) => {
      const bar = paint.good("█".repeat(edgezero)) + paint.faint("░".repeat(legacy));
      return [range.padEnd(5), String(total), bar];
    }),
  );
}
