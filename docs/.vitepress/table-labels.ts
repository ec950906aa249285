import type { MarkdownRenderer } from "vitepress";
import { fitsAsTable } from "./table-fit.ts";

type Token = Parameters<MarkdownRenderer["renderer"]["render"]>[0][number];

/**
 * Gives each cell of a table the text of its column's head as `data-label`, and the class `as-list` to a table
 * that is too wide to be read as one. In such a table, and in each on a narrow screen, a row is a list of
 * cells below each other, each with that text.
 */
export function labelsOfTables(markdown: MarkdownRenderer): void {
  // VitePress's own rule writes no attributes but this one.
  markdown.renderer.rules["table_open"] = (tokens, i, options, _, renderer) => {
    tokens[i]?.attrSet("tabindex", "0");
    return renderer.renderToken(tokens, i, options);
  };
  markdown.core.ruler.push("table-labels", ({ tokens }) => {
    for (const [i, token] of tokens.entries()) {
      if (token.type === "table_open") labelTable(token, tokens.slice(i));
    }
  });
}

/** `tokens` begins with those of the table, and goes on after it. */
function labelTable(table: Token, tokens: readonly Token[]): void {
  const end = tokens.findIndex(({ type }) => type === "table_close");
  const rows: string[][] = [];
  for (const [i, token] of tokens.slice(0, end).entries()) {
    if (token.type === "tr_open") rows.push([]);
    if (token.type !== "th_open" && token.type !== "td_open") continue;
    const row = rows.at(-1) ?? [];
    const head = rows[0]?.[row.length] ?? "";
    if (token.type === "td_open") token.attrSet("data-label", plain(head));
    row.push(tokens[i + 1]?.content ?? "");
  }
  if (!fitsAsTable(rows)) table.attrJoin("class", "as-list");
}

function plain(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll(/[`*]/g, "");
}
