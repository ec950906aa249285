import { figure } from "./table.ts";

/** One drawing: a line through points, the horizontal axis logarithmic, the vertical from 0. */
export interface Plot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly points: readonly (readonly [number, number])[];
  /** Said below the title: what the line shows. */
  readonly says: string;
}

const WIDTH = 640;
const HEIGHT = 320;
const LEFT = 64;
const RIGHT = 620;
const TOP = 56;
const BOTTOM = 272;

/** Draws a plot as SVG. */
export function drawPlot({ title, x, y, points, says }: Plot): string {
  const exponents = points.map(([value]) => Math.log10(value));
  const first = Math.floor(Math.min(...exponents));
  const last = Math.max(Math.ceil(Math.max(...exponents)), first + 1);
  const most = roundUp(Math.max(...points.map(([, value]) => value)));
  const atX = (value: number): number =>
    LEFT + ((RIGHT - LEFT) * (Math.log10(value) - first)) / (last - first);
  const atY = (value: number): number => BOTTOM - ((BOTTOM - TOP) * value) / most;
  const at = ([px, py]: readonly [number, number]): string =>
    `${atX(px).toFixed(1)},${atY(py).toFixed(1)}`;

  const lines = [
    text(LEFT, 22, title, "start", "font-weight='bold'"),
    text(LEFT, 40, says, "start"),
    text((LEFT + RIGHT) / 2, HEIGHT - 10, x, "middle"),
    text(14, (TOP + BOTTOM) / 2, y, "middle", `transform='rotate(-90 14 ${(TOP + BOTTOM) / 2})'`),
  ];
  for (let exponent = first; exponent <= last; exponent++) {
    const px = atX(10 ** exponent);
    lines.push(
      rule(px, TOP, px, BOTTOM),
      text(px, BOTTOM + 16, figure(10 ** exponent, 1), "middle"),
    );
  }
  for (let tick = 0; tick <= 4; tick++) {
    const py = atY((most * tick) / 4);
    lines.push(rule(LEFT, py, RIGHT, py), text(LEFT - 6, py + 4, figure((most * tick) / 4), "end"));
  }
  lines.push(
    `<polyline points='${points.map(at).join(" ")}' fill='none' stroke='#0b62c4' stroke-width='2'/>`,
  );
  for (const point of points) {
    const [px, py] = at(point).split(",");
    lines.push(`<circle cx='${px}' cy='${py}' r='3.5' fill='#0b62c4'/>`);
  }
  return `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 ${WIDTH} ${HEIGHT}' font-family='sans-serif' font-size='12' fill='#222'>
<rect width='${WIDTH}' height='${HEIGHT}' fill='#fff'/>
${lines.join("\n")}
</svg>
`;
}

function text(x: number, y: number, words: string, anchor: string, more = ""): string {
  return `<text x='${x}' y='${y}' text-anchor='${anchor}' ${more}>${words}</text>`;
}

function rule(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1='${x1}' y1='${y1}' x2='${x2}' y2='${y2}' stroke='#ddd'/>`;
}

/** The next of 1, 2, 4 or 8 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 4, 8, 10].find((step) => step * power >= value) ?? 10);
}
