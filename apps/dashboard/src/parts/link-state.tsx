import type { ReadonlySignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Link } from "../connection/link.ts";
import { agoText, clockText, isoText, spanText } from "../reading/times.ts";
import { Icon } from "./icon.tsx";

interface LinkStateProps {
  readonly link: Link;
  readonly now: ReadonlySignal<number>;
  /** When the last view was true; `null` before the first one. */
  readonly viewAt: number | null;
  /** Whether what is shown may be old, although the controller is connected. */
  readonly isStale: boolean;
  /** Whether the controller itself lacks evidence of what is shown. */
  readonly isBlind: boolean;
}

/** Whether the page is live, and how old the newest view is. A controller without evidence is not called so. */
export function LinkBadge(props: LinkStateProps): JSX.Element {
  const { link, now, viewAt, isStale, isBlind } = props;
  const age = viewAt === null ? "" : agoText(viewAt, now.value);
  const kind = link.kind === "live" ? (isStale ? "lost" : isBlind ? "blind" : "live") : link.kind;
  return (
    <p class={`link is-${kind}`}>
      <i class="link-dot" />
      <span>{BADGES[kind]}</span>
      {kind === "live" && viewAt !== null ? (
        <time class="link-age" dateTime={isoText(viewAt)} title={clockText(viewAt, now.value)}>
          {age}
        </time>
      ) : null}
    </p>
  );
}

const BADGES: Readonly<Record<Link["kind"] | "blind", string>> = {
  connecting: "Connecting",
  live: "Live",
  blind: "Connected, but lacks fresh evidence",
  lost: "Not live",
  denied: "No access",
  unknown: "Not found",
};

/** Says that what is shown may be old, since when, and what the page does about it. */
export function StaleBanner(props: {
  readonly since: number;
  readonly why: string;
  readonly now: ReadonlySignal<number>;
}): JSX.Element {
  const { since, why, now } = props;
  return (
    <div class="banner tone-caution">
      <Icon name="alarm" />
      <p>
        <strong>
          Not live since <time dateTime={isoText(since)}>{clockText(since, now.value)}</time>
        </strong>{" "}
        ({spanText(Math.max(0, now.value - since))}). {why} Everything below is as it was then.
        Trying again by itself.
      </p>
    </div>
  );
}
