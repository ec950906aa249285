/** The 688 pixels for text on a screen of 1280, less what the estimates below may be off. */
const ROOM_PX = 640;
const PADDING_PX = 21;
const LETTER_PX = 7.4;
const CODE_LETTER_PX = 7.5;
const CODE_PADDING_PX = 14;
/** A row with a taller cell is hard to follow from column to column. */
const MOST_LINES = 7;

/**
 * Whether a table can be read as a table on a screen of 1280 pixels: each name in it stays whole, and no cell
 * is a narrow strip of many lines. `rows` has the cells' Markdown, those of the head first.
 */
export function fitsAsTable(rows: readonly (readonly string[])[]): boolean {
  const columns = (rows[0] ?? []).map((_, i) => rows.map((row) => row[i] ?? ""));
  const least = columns.map((cells) => Math.max(...cells.map(leastWidth)) + PADDING_PX);
  const free = ROOM_PX - sum(least);
  if (free < 0) return false;
  const whole = columns.map((cells) => Math.max(...cells.map(wholeWidth)));
  const wish = whole.map((width, i) => Math.max(0, width - (least[i] ?? 0)));
  return whole.every((width, i) => {
    const share = sum(wish) === 0 ? 0 : (free * (wish[i] ?? 0)) / sum(wish);
    return width <= ((least[i] ?? 0) + share - PADDING_PX) * MOST_LINES;
  });
}

/** The width of the longest part that must not be broken. */
function leastWidth(cell: string): number {
  const { codes, text } = partsOf(cell);
  const names = codes.flatMap((code) => code.split(/[\s-]+/)).map(codeWidth);
  const words = text.split(/[\s-]+/).map(({ length }) => length * LETTER_PX);
  return Math.max(0, ...names, ...words);
}

/** The width of the cell on one line. */
function wholeWidth(cell: string): number {
  const { codes, text } = partsOf(cell);
  return text.length * LETTER_PX + sum(codes.map(codeWidth));
}

function partsOf(cell: string): { codes: string[]; text: string } {
  const shown = cell.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1");
  const codes = Array.from(shown.matchAll(/`([^`]*)`/g), ([, code = ""]) => code);
  return { codes, text: shown.replaceAll(/`[^`]*`/g, " ").replaceAll("*", "") };
}

function codeWidth({ length }: string): number {
  return length * CODE_LETTER_PX + CODE_PADDING_PX;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}
