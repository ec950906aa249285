import { createInterface } from "node:readline/promises";
import { CliError } from "../cli-error.ts";
import type { Output } from "./output.ts";

/**
 * Asks for a yes on the terminal.
 *
 * @throws CliError where the answer is no, or there is no terminal to ask on.
 */
export async function confirm(output: Output, question: string): Promise<void> {
  if (output.isJson || !process.stdin.isTTY || !process.stderr.isTTY) {
    throw new CliError(
      "refused",
      "this change must be confirmed, and there is no terminal to ask on",
      {
        hint: "Nothing was written. Give --yes to confirm it beforehand.",
      },
    );
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // Control-D, or a terminal that is gone, counts as no.
  const closed = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  try {
    const answer = await Promise.race([lines.question(`${question} [y/N] `), closed]);
    if (/^\s*y(es)?\s*$/i.test(answer)) return;
  } finally {
    lines.close();
  }
  throw new CliError("refused", "not confirmed: nothing was written");
}
