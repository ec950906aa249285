import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import { isObserved, observedNow } from "@edgezero/control-api/observed-now";
import type { ReadonlySignal } from "@preact/signals";
import type { JSX } from "preact";
import { blindText } from "../reading/freshness.ts";
import { healthOf, listText } from "../reading/health.ts";
import { distinct, fewOf, nextStep } from "../reading/next-step.ts";
import { percentText } from "../reading/numbers.ts";
import { isFromOutside, presentStage, statusOf, writtenPct } from "../reading/status.ts";
import { leftMs } from "../reading/time-left.ts";
import { aboutText, agoText, clockText } from "../reading/times.ts";
import { Icon } from "./icon.tsx";

interface StatusCardProps {
  readonly view: EnvironmentView;
  readonly now: ReadonlySignal<number>;
  /** When what is shown was true, where nothing newer comes; `null` while it is live. */
  readonly staleSince: number | null;
}

/** The five answers: how it is, where, why not further, what next and when, and what can be done. */
export function StatusCard(props: StatusCardProps): JSX.Element {
  const { view, now, staleSince } = props;
  const shownAt = staleSince ?? now.value;
  const { tone, sign, headline, detail } = statusOf(view, shownAt);
  const health = healthOf(view);
  const next = nextStep(view, shownAt);
  return (
    <section class={`card status tone-${tone}`} aria-labelledby="status-line">
      <div class="status-main">
        <span class="status-sign">
          <Icon name={sign} />
        </span>
        <h1 id="status-line">
          {staleSince === null ? null : (
            <span class="status-was">As of {clockText(staleSince, now.value)}: </span>
          )}
          <span class="status-headline">{headline}</span>
          <span class="status-dot" aria-hidden="true">
            {" · "}
          </span>
          <span class="status-detail">{detail}</span>
        </h1>
      </div>
      <dl class="answers">
        <div class={`answer tone-${health.tone}`}>
          <dt>Is it healthy</dt>
          <dd>{health.text}</dd>
        </div>
        <div class="answer">
          <dt>Where it is</dt>
          <dd>
            {whereText(view)}
            <small>{shareText(view)}</small>
          </dd>
        </div>
        <div class="answer">
          <dt>Why not further</dt>
          <dd>
            {whyText(view, shownAt)}
            <small>{moreText(view, shownAt)}</small>
          </dd>
        </div>
        <div class="answer">
          <dt>What is next</dt>
          <dd>
            {next.what}
            <small>{next.when}</small>
          </dd>
        </div>
      </dl>
    </section>
  );
}

function whereText(view: EnvironmentView): string {
  const stage = presentStage(view);
  if (stage !== null) {
    const pct = view.state === "propagating" ? writtenPct(view) : (view.pct ?? "?");
    return `Stage ${stage.number} of ${view.rail.length}, ${pct}%`;
  }
  if (view.state === "rolling-back" && view.pct !== null) {
    return view.pct === 0 ? "0%, being proven" : `Between ${view.pct}% and 0%`;
  }
  return view.pct === null ? "The store was not read yet" : `${view.pct}%, in no stage`;
}

function shareText(view: EnvironmentView): string {
  const { pct } = view;
  if (pct === null) return "";
  if (!isObserved(view)) return `${pct}% set, nothing observed now`;
  const observed = observedNow(view);
  return observed === null
    ? `${pct}% set, not seen in traffic yet`
    : `${pct}% set, ${percentText(observed)} observed`;
}

/** The most important reason, with its numbers. */
function whyText(view: EnvironmentView, now: number): string {
  const { reasons, sentence, state, rollback } = view;
  if (isFromOutside(view)) return "This controller did not do it.";
  if (state === "rolled-back" && rollback !== null) return rollback.cause;
  const [first] = reasons;
  if (first?.reason === "hold") {
    const left = leftMs(view, now);
    if (left !== null) return `The stage's time has ${aboutText(left)} left.`;
  }
  if (first?.reason === "blind") return blindText(view);
  if (first !== undefined) return first.sentence;
  return state === "observing" ? "Nothing keeps it back." : sentence;
}

/** The other reasons, in few words. */
function moreText(view: EnvironmentView, now: number): string {
  const { reasons, waitsFor, state, rollback } = view;
  if (state === "rolled-back" && rollback !== null) {
    return `${isFromOutside(view) ? "seen" : "rolled back"} ${agoText(rollback.since, now)}`;
  }
  const [first, ...others] = distinct(reasons);
  if (first === undefined) return "";
  // Before a write has arrived, evidence and the stage's time cannot have begun.
  if (others.length === 0 || state === "propagating") return `waits for ${waitsFor}`;
  return `also waits for ${listText(fewOf([...new Set(others.map((each) => each.waitsFor))]))}`;
}
