import { messageOf } from "@edgezero/faults/faults";
import { addressLines } from "@edgezero/operations/clients/address-lines";
import { clientBucketOf } from "@edgezero/operations/clients/client-bucket";
import { quoted } from "@edgezero/operations/reading";
import { CliError } from "../../cli-error.ts";
import { aligned } from "../../output/aligned.ts";
import type { Outcome, Output } from "../../output/output.ts";

/** `bucket <ip…>`: shows buckets. Without addresses, or with `-`, reads one a line from standard input. */
export async function bucket(output: Output, _: unknown, args: string[]): Promise<Outcome> {
  const given = args.length === 0 || args.includes("-") ? await linesOfInput(args) : args;
  const clients = given.map(clientBucketOf);
  const { faint, warn } = output.paint;
  const header = ["address", "canonical", "hash", "bucket", "EdgeZero from"].map(faint);
  const rows = clients.map(({ ip, canonical, hash, bucket: number, edgezeroFromPct }) => [
    canonical === null ? quoted(ip) : ip,
    canonical ?? warn("not an address: the empty key"),
    `0x${hash.toString(16).padStart(8, "0")}`,
    String(number),
    `${edgezeroFromPct}%`,
  ]);
  return { document: { clients }, text: aligned([header, ...rows]) };
}

async function linesOfInput(args: readonly string[]): Promise<string[]> {
  if (process.stdin.isTTY && args.length === 0) {
    throw new CliError("usage", "no address was given", {
      hint: "Give addresses, or one a line on standard input.",
    });
  }
  const found = args.filter((arg) => arg !== "-");
  try {
    for await (const ip of addressLines(process.stdin)) found.push(ip);
  } catch (error) {
    const message = `standard input cannot be read: ${messageOf(error)}`;
    throw new CliError("usage", message, { cause: error });
  }
  return found;
}
