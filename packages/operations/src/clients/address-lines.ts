import type { Readable } from "node:stream";

const LONGEST_LINE = 10_000;

/**
 * The lines of a list of addresses, without the space around them and without comments (`#` to the
 * end of the line). Empty lines are left out. Throws where the list cannot be read to its end, or a
 * line is longer than 10,000 characters.
 */
export async function* addressLines(input: Readable): AsyncGenerator<string, void> {
  let rest = "";
  input.setEncoding("utf8");
  for await (const chunk of input) {
    const lines = (rest + String(chunk)).split(/\r?\n/);
    rest = lines.pop() ?? "";
    if (rest.length > LONGEST_LINE) throw new Error("it is no list of addresses, one a line");
    for (const line of lines) yield* addressIn(line);
  }
  yield* addressIn(rest);
}

function addressIn(line: string): string[] {
  const ip = line.replace(/#.*$/s, "").trim();
  return ip === "" ? [] : [ip];
}
