import { canonicalClientIp, clientBucket, fnv1a32 } from "@edgezero/rollout";
import { messageOf } from "@edgezero/faults/faults";
import { CliError } from "../../cli-error.ts";
import { aligned } from "../../output/aligned.ts";
import type { Outcome, Output } from "../../output/output.ts";
import { quoted } from "@edgezero/operations/reading";
import { addressLines } from "./address-lines.ts";

const MAPPED_PREFIX = "::ffff:";

/** A client's bucket, as every gateway computes it. */
export interface ClientBucket {
  /** The address as it was given. */
  readonly ip: string;
  /** The canonical text; `null` where it is no address, which counts as the empty key. */
  readonly canonical: string | null;
  /** The text that is hashed. */
  readonly key: string;
  /** FNV-1a of the key, 32 bits, unsigned. */
  readonly hash: number;
  /** 0 to 99. */
  readonly bucket: number;
  /** The lowest percentage at which it goes to EdgeZero, 1 to 100. */
  readonly edgezeroFromPct: number;
}

/** Finds a client's bucket. Total: any text has a bucket. */
export function clientBucketOf(ip: string): ClientBucket {
  const canonical = canonicalClientIp(ip);
  const key = keyOf(canonical);
  const number = clientBucket(ip);
  const hash = fnv1a32(key);
  return { ip, canonical, key, hash, bucket: number, edgezeroFromPct: number + 1 };
}

/** An IPv4-mapped IPv6 address counts as the IPv4 address that it carries. */
function keyOf(canonical: string | null): string {
  if (canonical === null) return "";
  const mapped = canonical.startsWith(MAPPED_PREFIX) ? canonical.slice(MAPPED_PREFIX.length) : "";
  return mapped.includes(".") ? mapped : canonical;
}

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
