/**
 * Compares output with what a page shows of it, in which `…` is any text of a line, and a line that is
 * only `…` is any lines, none included.
 *
 * @returns What differs, or `null`.
 */
export function matchesOutput(shown: string, output: string): string | null {
  const lines = shown.trimEnd().split("\n");
  const pattern = lines
    .map((line) => (line === "…" ? "(?:.*\\n)*?" : `${lineText(line)}[ \\t]*\\n`))
    .join("");
  const actual = `${output.trimEnd().replaceAll("\r", "")}\n`;
  if (new RegExp(`^${pattern}$`).test(actual)) return null;
  return `the page shows\n${shown}\nbut it was\n${output}`;
}

function lineText(line: string): string {
  return line.split("…").map(escaped).join(".*");
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
