import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { errorCode } from "@edgezero/faults/faults";

const unzip = promisify(gunzip);

/** Compressed or not, in bytes. */
export const MOST_POSTED = 16 * 1024 * 1024;
/** After decompression. */
const MOST_UNZIPPED = 64 * 1024 * 1024;

/** A body as it was sent, or why it cannot be read. */
export type Posted =
  | { readonly kind: "read"; readonly body: Uint8Array }
  | { readonly kind: "too-large" | "not-understood" };

/** Decompresses a body by its first bytes, since some senders compress without saying so. */
export async function readPosted(sent: Uint8Array): Promise<Posted> {
  if (sent[0] !== 0x1f || sent[1] !== 0x8b) return { kind: "read", body: sent };
  try {
    return { kind: "read", body: await unzip(sent, { maxOutputLength: MOST_UNZIPPED }) };
  } catch (error) {
    const isTooLarge = errorCode(error) === "ERR_BUFFER_TOO_LARGE";
    return { kind: isTooLarge ? "too-large" : "not-understood" };
  }
}
