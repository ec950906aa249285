import type { JSX } from "preact";

/** What the lines of an interval bar mean. */
export function IntervalLegend(): JSX.Element {
  return (
    <p class="interval-key" aria-hidden="true">
      <span>
        <svg viewBox="0 0 20 12">
          <rect class="interval-range" x="1" y="3" width="18" height="6" rx="2" />
          <circle class="interval-estimate" cx="10" cy="6" r="4" />
        </svg>
        estimate, interval
      </span>
      <span>
        <svg viewBox="0 0 6 12">
          <line class="interval-recent" x1="3" x2="3" y1="0" y2="12" />
        </svg>
        of late
      </span>
      <span>
        <svg viewBox="0 0 6 12">
          <line class="interval-legacy" x1="3" x2="3" y1="0" y2="12" />
        </svg>
        as legacy
      </span>
      <span>
        <svg viewBox="0 0 6 12">
          <line class="interval-margin" x1="3" x2="3" y1="0" y2="12" />
        </svg>
        margin
      </span>
    </p>
  );
}
