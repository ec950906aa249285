/**
 * The tables of the page that are hard to read on a wide screen: one that leaves its column, one whose row is
 * more than 14 lines tall, and a name in code that is broken in the middle. Runs in the browser, so it can use
 * nothing of this module. Gives at most ten.
 */
export function unreadableTables(): string[] {
  const MOST_LINES = 14;
  const LINE_PX = 21;
  const found: string[] = [];
  for (const table of document.querySelectorAll(".vp-doc table")) {
    const room = table.parentElement?.getBoundingClientRect().right ?? 0;
    const out = Math.round(table.getBoundingClientRect().right - room);
    const title = JSON.stringify(table.textContent?.trim().slice(0, 30));
    if (out > 1) found.push(`the table ${title} leaves its column by ${out} px`);
    for (const cell of table.querySelectorAll("td")) {
      const lines = Math.round(cell.getBoundingClientRect().height / LINE_PX);
      if (lines > MOST_LINES) found.push(`a cell of the table ${title} is ${lines} lines tall`);
    }
    for (const code of table.querySelectorAll("code")) {
      const name = code.textContent ?? "";
      const isOneWord = !/[\s-]/.test(name) && name.length <= 40;
      const tops = new Set([...code.getClientRects()].map(({ top }) => Math.round(top)));
      if (isOneWord && tops.size > 1) found.push(`${name} is broken in the table ${title}`);
    }
  }
  return found.slice(0, 10);
}
