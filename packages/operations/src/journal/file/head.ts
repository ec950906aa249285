import { readOwnFile } from "@edgezero/stores/file/own-file";
import { TrustError } from "@edgezero/stores/file/trust";
import type { Link } from "../chain.ts";
import { parseLink } from "../head.ts";
import type { TrailFiles } from "./trail-files.ts";

/** Reads the head file; `null` where it is missing or not valid. @throws TrustError */
export async function readHead({ head }: TrailFiles): Promise<Link | null> {
  try {
    return parseLink((await readOwnFile(head)).toString());
  } catch (error) {
    if (error instanceof TrustError) throw error;
    return null;
  }
}
