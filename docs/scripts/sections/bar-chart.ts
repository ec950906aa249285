import { bar, label, picture } from "./picture.ts";

/** One bar of a chart. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  /** Whether it is this product's own. */
  readonly isOwn: boolean;
}

/** Names end here, and bars begin behind it. */
const NAMES = 248;
/** The longest bar; its value stands behind it. */
const LONGEST = 158;
const ROW = 24;
const THICKNESS = 14;

/** Draws bars below each other. The product's own are in its colour. */
export function barChart(title: string, unit: string, bars: readonly Bar[]): string {
  const most = Math.max(...bars.map(({ value }) => value));
  const rows = bars.flatMap(({ name, value, isOwn }, i) => {
    const y = i * ROW + 5;
    const length = Math.max(1, (LONGEST * value) / most);
    const colour = isOwn ? "--main" : "--faint";
    return [
      label(NAMES - 6, y + 11, name, "end", isOwn ? "--main" : "--text"),
      bar(NAMES, y, length, THICKNESS, colour),
      label(NAMES + length + 6, y + 11, `${figure(value)} ${unit}`, "start", "--text"),
    ];
  });
  return picture(title, bars.length * ROW + 4, rows);
}

function figure(value: number): string {
  return value.toLocaleString("en", { maximumSignificantDigits: 3 });
}
