// Writes what the docstrings of an event's fields say into docs/events.md, between its marks. With
// `--check` it writes nothing, and fails where the document says anything else.
import { readFileSync, writeFileSync } from "node:fs";

const SOURCE = new URL("../src/attribution/decision-event.ts", import.meta.url);
const DOCUMENT = new URL("../../../docs/events.md", import.meta.url);

/** How the document names what a field's type is. */
const TYPES: Readonly<Record<string, string>> = {
  "typeof EVENT_VERSION": "number",
  number: "number",
  "number | null": "number or `null`",
  string: "text",
  RolloutPath: "`legacy` or `edgezero`",
  RolloutReason: "a reason",
  Outcome: "an outcome",
  "OriginFault | null": "a fault or `null`",
  "Exclusion | null": "an exclusion or `null`",
};

const source = readFileSync(SOURCE, "utf8");
const documented = readFileSync(DOCUMENT, "utf8");
const generated = [
  ["version", `This is version ${find(/EVENT_VERSION = (\d+);/)}.`],
  ["fields", fieldTable()],
  ["outcomes", docstringOf(/export type Outcome /).list],
  ["faults", docstringOf(/export type OriginFault/).list],
  ["exclusions", docstringOf(/export type Exclusion /).list],
].reduce((text, [mark = "", block = ""]) => replaceBlock(text, mark, block), documented);

if (!process.argv.includes("--check")) {
  writeFileSync(DOCUMENT, generated);
} else if (generated !== documented) {
  console.error("docs/events.md differs from decision-event.ts: run scripts/document-events.ts");
  process.exitCode = 1;
}

function fieldTable(): string {
  const body = find(/export interface DecisionEvent \{\n([^]*?)\n\}/);
  const rows = [...body.matchAll(/\/\*\*([^]*?)\*\/\s+readonly (\w+): (.+);/g)].map(
    ([, comment = "", name = "", type = ""]) => [`\`${name}\``, typeText(type), textOf(comment)],
  );
  const declared = body.match(/^ {2}readonly /gm)?.length;
  if (declared !== rows.length) throw new Error("a field of DecisionEvent has no docstring");
  return table([["field", "type", "what it says"], ...rows]);
}

function typeText(type: string): string {
  const text = TYPES[type];
  if (text === undefined) throw new Error(`the type ${type} has no name in the document`);
  return text;
}

/** A Markdown table with its columns aligned, as the formatter leaves it. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1, 2].map((column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[], filler: string): string =>
    `| ${widths.map((width, column) => (cells[column] ?? "").padEnd(width, filler)).join(" | ")} |`;
  const [head = [], ...body] = rows.map((cells) => line(cells, " "));
  return [head, line(["", "", ""], "-"), ...body].join("\n");
}

/** The list in the docstring before a declaration. */
function docstringOf(declaration: RegExp): { readonly list: string } {
  const end = source.search(declaration);
  const start = source.lastIndexOf("/**", end);
  const lines = source.slice(start, end).split("\n");
  const text = lines.map((line) => line.replace(/^ \*[ /]?/, "")).join("\n");
  const list = text.slice(text.indexOf("\n- ")).trim();
  return { list: list.replaceAll(/\n {2}/g, "\n  ") };
}

/** A docstring without its stars, on one line. */
function textOf(comment: string): string {
  return comment.replaceAll(/\s*\n\s*\*\s?/g, " ").trim();
}

function find(pattern: RegExp): string {
  const [, found] = pattern.exec(source) ?? [];
  if (found === undefined) throw new Error(`decision-event.ts has nothing like ${String(pattern)}`);
  return found;
}

function replaceBlock(text: string, mark: string, block: string): string {
  const [start, end] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/events.md lacks the marks of ${mark}`);
  return `${text.slice(0, from)}${start}\n\n${block}\n\n${text.slice(to)}`;
}
