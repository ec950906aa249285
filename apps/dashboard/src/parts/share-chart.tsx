import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { History } from "@edgezero/control-api/history";
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import type { ChartColumns, ChartMark, ChartSpan, MarkKind } from "../reading/chart-data.ts";
import { chartColumns, chartMarks } from "../reading/chart-data.ts";
import { threeDigits } from "../reading/numbers.ts";
import { blindSpans, lastObserved } from "../reading/last-observed.ts";
import { stageBegin } from "../reading/stage-begin.ts";
import { agoText, clockText } from "../reading/times.ts";
import { drawChart, SIGN_FORMS } from "./draw-chart.ts";
import { readInk } from "./read-ink.ts";

const SPANS: Readonly<Record<ChartSpan, string>> = { stage: "Stage", day: "24 h", all: "All" };
const MARKS: Readonly<Record<MarkKind, string>> = {
  write: "write",
  operator: "operator",
  trouble: "held",
  rollback: "rollback",
  proof: "proof",
  "no-proof": "not proven",
};

interface ShareChartProps {
  readonly view: EnvironmentView;
  readonly history: History;
  /** Changes with the colours of the page. */
  readonly theme: string;
}

/** The configured and the observed share over time, with what happened marked on it. */
export function ShareChart({ view, history, theme }: ShareChartProps): JSX.Element {
  const span = useSignal<ChartSpan>("all");
  const pointed = useSignal<number | null>(null);
  const columns = chartColumns(history, span.value, stageBegin(history, view), view.at);
  const marks = chartMarks(view.timeline);
  const box = useRef<HTMLDivElement>(null);
  const scheme = usePreferredScheme();
  useChart(box, columns, marks, `${theme} ${scheme}`, (index) => (pointed.value = index));
  const isEmpty = columns[0].length < 2;
  const index = pointed.value ?? columns[0].length - 1;
  const last = lastText(columns, view.at);
  const observed = pointed.value === null ? last : partText(columns[2][index]);
  return (
    <section class="card chart" aria-labelledby="chart-title">
      <div class="card-head">
        <h2 id="chart-title">Share on EdgeZero</h2>
        <p class="legend">
          <span class="ink-configured">
            <i class="line-dashed" /> configured {partText(columns[1][index])}
          </span>
          <span class="ink-observed">
            <i class="line-solid" /> observed {observed}
          </span>
          <span class="legend-at">
            {pointed.value === null ? "now" : pointText(columns, index, view.at)}
          </span>
        </p>
        <div class="segments" role="group" aria-label="Time shown">
          {Object.entries(SPANS).map(([key, name]) => (
            <button
              key={key}
              type="button"
              aria-pressed={span.value === key}
              onClick={() => (span.value = key as ChartSpan)}
            >
              {name}
            </button>
          ))}
        </div>
      </div>
      <div
        ref={box}
        class={`plot${isEmpty ? " is-empty" : ""}`}
        role="img"
        aria-label={`Configured ${partText(columns[1].at(-1))}, observed ${last} now. The timeline lists what is marked.`}
      />
      {isEmpty ? <p class="empty plot-empty">The chart begins with the second reading.</p> : null}
      <MarkLegend marks={marks} hasBlindSpan={blindSpans(columns).length > 0} />
    </section>
  );
}

function MarkLegend(props: {
  readonly marks: readonly ChartMark[];
  readonly hasBlindSpan: boolean;
}): JSX.Element {
  const { marks, hasBlindSpan } = props;
  const kinds = Object.keys(MARKS) as MarkKind[];
  return (
    <p class="mark-legend">
      {kinds
        .filter((kind) => marks.some((mark) => mark.kind === kind))
        .map((kind) => (
          <span key={kind} class={`ink-mark-${kind}`}>
            <svg viewBox="-6 -6 12 12" aria-hidden="true">
              <polygon points={SIGN_FORMS[kind].map((corner) => corner.join(",")).join(" ")} />
            </svg>
            {MARKS[kind]}
          </span>
        ))}
      {hasBlindSpan ? (
        <span class="ink-blind">
          <svg viewBox="-6 -6 12 12" aria-hidden="true">
            <path d="M-6 3L3-6M-4 6L6-4" />
          </svg>
          not observed
        </span>
      ) : null}
    </p>
  );
}

/** The share that is observed now. An older one is never shown without its age. */
function lastText(columns: ChartColumns, now: number): string {
  const last = lastObserved(columns);
  if (last === null) return "–";
  const isNow = columns[2].at(-1) !== null;
  return isNow
    ? partText(last.part)
    : `– (last ${partText(last.part)}, ${agoText(1000 * last.at, now)})`;
}

function partText(part: number | null | undefined): string {
  return part === null || part === undefined ? "–" : `${threeDigits(part)}%`;
}

function pointText([seconds]: ChartColumns, index: number, now: number): string {
  return `at ${clockText(1000 * (seconds[index] ?? 0), now)}`;
}

/** The system's colours, which may change at dusk while the page is open. */
function usePreferredScheme(): string {
  const isDark = useSignal(DARK.matches);
  useEffect(() => {
    const change = (): void => void (isDark.value = DARK.matches);
    DARK.addEventListener("change", change);
    return () => DARK.removeEventListener("change", change);
  }, []);
  return isDark.value ? "dark" : "light";
}

const DARK = matchMedia("(prefers-color-scheme: dark)");

/** Keeps one chart in the box, with its size, colours and data. */
function useChart(
  box: { readonly current: HTMLDivElement | null },
  columns: ChartColumns,
  marks: readonly ChartMark[],
  colours: string,
  onPoint: (index: number | null) => void,
): void {
  const chart = useRef<uPlot | null>(null);
  const latest = useRef({ columns, marks });
  latest.current = { columns, marks };
  useEffect(() => {
    const parent = box.current;
    if (parent === null) return undefined;
    const size = (): { width: number; height: number } => ({
      width: Math.max(200, parent.clientWidth),
      height: Math.max(110, parent.clientHeight),
    });
    const made = drawChart(parent, latest.current.columns, {
      ...size(),
      ink: readInk(),
      marks: () => latest.current.marks,
      onPoint,
    });
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize(size()));
    observer.observe(parent);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [colours]);
  useEffect(
    () => chart.current?.setData(columns),
    [columns[0].length, columns[0][0], columns[0].at(-1)],
  );
}
