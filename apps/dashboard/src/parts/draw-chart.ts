import uPlot from "uplot";
import type { ChartColumns, ChartMark, MarkKind } from "../reading/chart-data.ts";
import { chartTop } from "../reading/chart-data.ts";
import { blindSpans } from "../reading/last-observed.ts";
import { LABEL_SPACE, TIME_STEPS } from "../reading/time-axis.ts";

/** The colours of the chart, as the style sheet has them now. */
export interface ChartInk {
  readonly text: string;
  readonly grid: string;
  readonly configured: string;
  readonly observed: string;
  readonly observedFill: string;
  readonly marks: Readonly<Record<MarkKind, string>>;
}

export interface ChartOptions {
  readonly width: number;
  readonly height: number;
  readonly ink: ChartInk;
  readonly marks: () => readonly ChartMark[];
  /** Calls back with the index under the pointer; `null` outside. */
  readonly onPoint: (index: number | null) => void;
}

/** Draws the configured and the observed share into an element. */
export function drawChart(
  parent: HTMLElement,
  columns: ChartColumns,
  options: ChartOptions,
): uPlot {
  const { width, height, ink } = options;
  const font = "11px Inter, ui-sans-serif, system-ui, sans-serif";
  const axis = {
    stroke: ink.text,
    font,
    grid: { stroke: ink.grid, width: 1 },
    ticks: { show: false },
  };
  return new uPlot(
    {
      width,
      height,
      padding: [14, 28, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { size: 7 }, drag: { x: false, y: false } },
      scales: {
        x: { time: true },
        y: { range: (chart) => [0, chartTop(chart.data as ChartColumns)] },
      },
      axes: [
        {
          ...axis,
          size: 22,
          space: LABEL_SPACE,
          incrs: [...TIME_STEPS],
          grid: { show: false },
          values: tickTexts,
        },
        { ...axis, size: 44, values: (_, ticks) => ticks.map((tick) => `${tick}%`) },
      ],
      series: [
        {},
        {
          label: "Configured",
          stroke: ink.configured,
          width: 1.5,
          dash: [5, 4],
          points: { show: false },
          ...stepped(),
        },
        {
          label: "Observed",
          stroke: ink.observed,
          fill: ink.observedFill,
          width: 2,
          points: { show: false },
        },
      ],
      hooks: {
        draw: [
          (chart) => drawBlindSpans(chart, ink),
          (chart) => drawMarks(chart, options.marks(), ink),
        ],
        setCursor: [({ cursor }) => options.onPoint(cursor.idx ?? null)],
      },
    },
    columns,
    parent,
  );
}

function stepped(): { paths?: uPlot.Series.PathBuilder } {
  const paths = uPlot.paths.stepped?.({ align: 1 });
  return paths === undefined ? {} : { paths };
}

const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const SECONDS = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

/** Ticks in 24 hours: `14:05`, and the day at midnight. */
function tickTexts(_: uPlot, ticks: number[], __: number, ___: number, step: number): string[] {
  return ticks.map((seconds) => {
    const date = new Date(1000 * seconds);
    if (date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0) {
      return DAY.format(date);
    }
    return (step < 60 ? SECONDS : TIME).format(date);
  });
}

/** Hatches the times in which nothing was observed. */
function drawBlindSpans(chart: uPlot, ink: ChartInk): void {
  const { ctx, bbox } = chart;
  const step = 7 * devicePixelRatio;
  for (const { from, to } of blindSpans(chart.data as ChartColumns)) {
    const left = Math.max(bbox.left, chart.valToPos(from, "x", true));
    const right = Math.min(bbox.left + bbox.width, chart.valToPos(to, "x", true));
    if (right <= left) continue;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, bbox.top, right - left, bbox.height);
    ctx.clip();
    ctx.strokeStyle = ink.text;
    ctx.lineWidth = devicePixelRatio;
    ctx.globalAlpha = 0.3;
    ctx.beginPath();
    // Begun on a grid of its own, so that the hatch of two spans is one pattern.
    for (let x = Math.floor((left - bbox.height) / step) * step; x < right; x += step) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.restore();
  }
}

/** Operators act just before a write, and a proof follows it at once: their signs stand below the others. */
const LOWER: ReadonlySet<MarkKind> = new Set(["operator", "proof", "no-proof"]);

/** A line over the chart for each mark, with a sign at the top whose form differs by its kind. */
function drawMarks(chart: uPlot, marks: readonly ChartMark[], ink: ChartInk): void {
  const { ctx, bbox } = chart;
  const unit = devicePixelRatio;
  ctx.save();
  for (const { at, kind } of marks) {
    const { min = 0, max = 0 } = chart.scales["x"] ?? {};
    if (at < (min ?? 0) || at > (max ?? 0)) continue;
    const x = Math.round(chart.valToPos(at, "x", true));
    ctx.strokeStyle = ink.marks[kind];
    ctx.fillStyle = ink.marks[kind];
    ctx.lineWidth = unit;
    ctx.globalAlpha = 0.45;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.globalAlpha = 1;
    const y = bbox.top + (LOWER.has(kind) ? 6 : -7) * unit;
    ctx.beginPath();
    for (const [dx, dy] of SIGN_FORMS[kind]) ctx.lineTo(x + dx * unit, y + dy * unit);
    ctx.closePath();
    ctx.fill();
  }
  ctx.restore();
}

/** The signs of the marks: corners from the middle, within 4 to each side. */
export const SIGN_FORMS: Readonly<Record<MarkKind, readonly (readonly [number, number])[]>> = {
  write: [
    [-4.5, 4],
    [0, -4],
    [4.5, 4],
  ],
  operator: [
    [-3.5, -3.5],
    [3.5, -3.5],
    [3.5, 3.5],
    [-3.5, 3.5],
  ],
  trouble: [
    [0, -5],
    [5, 0],
    [0, 5],
    [-5, 0],
  ],
  rollback: [
    [-4.5, -4],
    [4.5, -4],
    [0, 4],
  ],
  // A cross.
  "no-proof": [
    [-4.5, -3],
    [-3, -4.5],
    [0, -1.5],
    [3, -4.5],
    [4.5, -3],
    [1.5, 0],
    [4.5, 3],
    [3, 4.5],
    [0, 1.5],
    [-3, 4.5],
    [-4.5, 3],
    [-1.5, 0],
  ],
  proof: [
    [-2, -4.5],
    [2, -4.5],
    [4.5, -2],
    [4.5, 2],
    [2, 4.5],
    [-2, 4.5],
    [-4.5, 2],
    [-4.5, -2],
  ],
};
