import type { SignalView } from "@edgezero/control-api/signal-view";
import type { JSX } from "preact";
import type { SignalHealth } from "../reading/health.ts";
import { intervalAxis } from "../reading/interval-axis.ts";
import { differenceText, marginText } from "../reading/signal-texts.ts";

/** The estimate with its interval, legacy's line and the line of the margin, on one axis. */
export function IntervalBar(props: {
  readonly signal: SignalView;
  readonly health: SignalHealth;
}): JSX.Element {
  const { signal, health } = props;
  const axis = intervalAxis(signal);
  if (axis === null)
    return <p class="interval-missing">{marginText(signal)}: nothing to compare with</p>;
  const { tone, isThin } = health;
  const { legacy, marginUp, marginDown, estimate, recent, interval } = axis;
  return (
    <figure class={`interval tone-${tone}${isThin ? " is-thin" : ""}`}>
      <svg role="img" aria-label={wordsOf(signal)}>
        <line class="interval-axis" x1="0" x2="100%" y1="16" y2="16" />
        {marginUp === null ? null : (
          <>
            <rect
              class="interval-beyond"
              x={at(marginUp)}
              y="4"
              width={at(1 - marginUp)}
              height="24"
            />
            <line class="interval-margin" x1={at(marginUp)} x2={at(marginUp)} y1="2" y2="30" />
          </>
        )}
        {marginDown === null ? null : (
          <>
            <rect class="interval-beyond" x="0" y="4" width={at(marginDown)} height="24" />
            <line class="interval-margin" x1={at(marginDown)} x2={at(marginDown)} y1="2" y2="30" />
          </>
        )}
        {legacy === null ? null : (
          <line class="interval-legacy" x1={at(legacy)} x2={at(legacy)} y1="6" y2="26" />
        )}
        {interval === null ? null : (
          <>
            <rect
              class="interval-range"
              x={at(interval.from)}
              y="11"
              width={at(Math.max(0.005, interval.to - interval.from))}
              height="10"
              rx="2"
            />
            {interval.isOpenDown ? <Arrow x={0} points="7,10 0,16 7,22" /> : null}
            {interval.isOpenUp ? <Arrow x={1} points="-7,10 0,16 -7,22" /> : null}
          </>
        )}
        {recent === null ? null : (
          <line class="interval-recent" x1={at(recent)} x2={at(recent)} y1="8" y2="24" />
        )}
        {estimate === null ? null : (
          <circle class="interval-estimate" cx={at(estimate)} cy="16" r="5" />
        )}
      </svg>
      <figcaption>
        <span>{differenceText(signal, signal.estimate).replace(" points", "")}</span>
        <span>{marginText(signal)}</span>
      </figcaption>
    </figure>
  );
}

/** The interval goes on beyond the end of the axis. */
function Arrow({ x, points }: { readonly x: 0 | 1; readonly points: string }): JSX.Element {
  return (
    <svg class="interval-arrow" x={at(x)} overflow="visible">
      <polygon points={points} />
    </svg>
  );
}

function at(part: number): string {
  return `${(100 * part).toFixed(2)}%`;
}

function wordsOf(signal: SignalView): string {
  const { estimate, lower, upper } = signal;
  if (estimate === null) return `No estimate yet, ${marginText(signal)}`;
  const from = lower === null ? "no lower bound" : differenceText(signal, lower);
  const to = upper === null ? "no upper bound" : differenceText(signal, upper);
  return `Estimate ${differenceText(signal, estimate)}, interval from ${from} to ${to}, ${marginText(signal)}`;
}
