/** The width of a picture: a column of 480 pixels can be read on a phone. */
const WIDTH = 480;

/** A picture for a page, in the colours of its theme. `title` is what a screen reader says. */
export function picture(title: string, height: number, shapes: readonly string[]): string {
  const colours =
    "--text:var(--vp-c-text-1);--faint:var(--vp-c-text-2);--main:var(--vp-c-brand-1);--bad:var(--vp-c-danger-1)";
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="diagram" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}" style="${colours}">`,
    ...shapes,
    "</svg>",
  ].join("\n");
}

/** A text at its left end, its middle or its right end. */
export function label(
  x: number,
  y: number,
  text: string,
  anchor: "start" | "middle" | "end" = "start",
  colour = "--faint",
): string {
  return `<text x="${short(x)}" y="${short(y)}" text-anchor="${anchor}" font-size="13" fill="var(${colour})">${escaped(text)}</text>`;
}

/** A filled box. */
export function bar(
  x: number,
  y: number,
  width: number,
  height: number,
  colour = "--main",
): string {
  return `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" fill="var(${colour})"/>`;
}

/** A straight line; dashed where it is a limit. */
export function stroke(
  [x1, y1, x2, y2]: readonly [number, number, number, number],
  colour = "--faint",
  isDashed = false,
): string {
  const dashes = isDashed ? ' stroke-dasharray="5 4"' : "";
  return `<path d="M${short(x1)} ${short(y1)} ${short(x2)} ${short(y2)}" stroke="var(${colour})" stroke-width="1.5"${dashes}/>`;
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
