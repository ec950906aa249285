/** The size of the diagram: a column of 480 pixels can be read on a phone. */
const WIDTH = 480;
const HEIGHT = 400;

const BOXES: readonly Box[] = [
  { x: 10, y: 10, width: 140, height: 48, lines: ["operator", "edgezero-rollout"] },
  { x: 300, y: 10, width: 170, height: 48, lines: ["config store", "switch, percentage"] },
  { x: 10, y: 138, width: 88, height: 48, lines: ["client"] },
  {
    x: 220,
    y: 106,
    width: 250,
    height: 112,
    lines: [
      "gateway",
      "client's address → bucket, 0 to 99",
      "config → percentage, 0 if in doubt",
      "bucket below percentage?",
    ],
    isMain: true,
  },
  { x: 190, y: 272, width: 130, height: 44, lines: ["legacy"] },
  { x: 340, y: 272, width: 130, height: 44, lines: ["EdgeZero"] },
  { x: 190, y: 346, width: 280, height: 44, lines: ["one event: metrics, log lines"] },
];

const ARROWS: readonly Arrow[] = [
  { points: [150, 34, 300, 34], label: "writes", at: [225, 26] },
  { points: [385, 58, 385, 106], label: "reads", at: [412, 87] },
  { points: [98, 150, 220, 150], label: "request", at: [159, 142] },
  { points: [220, 174, 98, 174], label: "x-edgezero-path", at: [159, 194] },
  { points: [255, 218, 255, 272], label: "no", at: [238, 250] },
  { points: [405, 218, 405, 272], label: "yes", at: [423, 250] },
  { points: [255, 316, 255, 346] },
  { points: [405, 316, 405, 346] },
];

const TITLE =
  "A client's request reaches the gateway, which reads the config store and sends it to legacy or EdgeZero";

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The first line is the name. */
  readonly lines: readonly string[];
  readonly isMain?: boolean;
}

interface Arrow {
  /** x and y of its start, then of its end. */
  readonly points: readonly [number, number, number, number];
  readonly label?: string;
  /** The middle of the label. */
  readonly at?: readonly [number, number];
}

/** The diagram for a page, in the colours of its theme. */
export function diagramSection(): string {
  const colours = {
    text: "var(--vp-c-text-1)",
    faint: "var(--vp-c-text-2)",
    main: "var(--vp-c-brand-1)",
  };
  return svg(
    `class="diagram"`,
    Object.entries(colours)
      .map(([name, value]) => `--${name}:${value}`)
      .join(";"),
    "",
  );
}

/** The diagram as a file, in the colours that the reader prefers. */
export function diagramFile(): string {
  const style = [
    "<style>",
    "svg{--text:#1f2328;--faint:#59636e;--main:#3451b2;font-family:system-ui,sans-serif}",
    "@media(prefers-color-scheme:dark){svg{--text:#f0f6fc;--faint:#9198a1;--main:#a8b1ff}}",
    "</style>",
  ].join("");
  return svg(`width="${WIDTH}" height="${HEIGHT}"`, "", style);
}

function svg(attributes: string, variables: string, style: string): string {
  const own = variables === "" ? "" : ` style="${variables}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${attributes} viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${TITLE}"${own}>`,
    ...(style === "" ? [] : [style]),
    `<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="var(--faint)"/></marker></defs>`,
    ...BOXES.map(boxSvg),
    ...ARROWS.map(arrowSvg),
    "</svg>",
  ].join("\n");
}

function boxSvg({ x, y, width, height, lines, isMain = false }: Box): string {
  const stroke = isMain ? "var(--main)" : "var(--faint)";
  const rect = `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="none" stroke="${stroke}" stroke-width="1.5"/>`;
  const lineHeight = 24;
  const first = y + height / 2 - ((lines.length - 1) * lineHeight * 0.85) / 2 + 5;
  const texts = lines.map((line, i) => {
    const [colour, size, weight] = i === 0 ? ["var(--text)", 15, 600] : ["var(--faint)", 13, 400];
    const top = (first + i * lineHeight * 0.85).toFixed(1);
    return `<text x="${x + width / 2}" y="${top}" text-anchor="middle" font-size="${size}" font-weight="${weight}" fill="${colour}">${line}</text>`;
  });
  return [rect, ...texts].join("");
}

function arrowSvg({ points: [x1, y1, x2, y2], label, at }: Arrow): string {
  const line = `<path d="M${x1} ${y1} ${x2} ${y2}" stroke="var(--faint)" stroke-width="1.5" fill="none" marker-end="url(#tip)"/>`;
  if (label === undefined || at === undefined) return line;
  return `${line}<text x="${at[0]}" y="${at[1]}" text-anchor="middle" font-size="12" fill="var(--faint)">${label}</text>`;
}
