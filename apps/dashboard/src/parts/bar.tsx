import type { JSX } from "preact";

interface BarProps {
  /** 0 to 1. */
  readonly part: number;
  readonly label: string;
  /** What it says in words, for those who cannot see it. */
  readonly text: string;
  /** Hatched: too little to say anything. */
  readonly isThin?: boolean;
  readonly tone?: string;
}

/** A bar that is filled from the left. */
export function Bar({ part, label, text, isThin = false, tone = "calm" }: BarProps): JSX.Element {
  const filled = Math.min(1, Math.max(0, part));
  return (
    <svg
      class={`bar tone-${tone}${isThin ? " is-thin" : ""}`}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(100 * filled)}
      aria-valuetext={text}
    >
      <rect class="bar-track" width="100%" height="100%" rx="3" />
      <rect class="bar-fill" width={`${100 * filled}%`} height="100%" rx="3" />
    </svg>
  );
}
