import type { ReadonlySignal } from "@preact/signals";
import type { JSX } from "preact";
import { agoText, clockText, isoText } from "../reading/times.ts";

/** A time: relative for people, absolute on hover and for machines. */
export function TimeAgo(props: {
  readonly at: number;
  readonly now: ReadonlySignal<number>;
}): JSX.Element {
  const { at, now } = props;
  const iso = isoText(at);
  return (
    <time dateTime={iso} title={`${clockText(at, now.value)} (${iso})`}>
      {agoText(at, now.value)}
    </time>
  );
}
