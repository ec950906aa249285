import type { EnvironmentView, RailStage } from "@edgezero/control-api/environment-view";
import type { JSX } from "preact";
import { evidenceText } from "../reading/freshness.ts";
import { countText, shortCount } from "../reading/numbers.ts";
import { stayedMs } from "../reading/time-left.ts";
import { spanText } from "../reading/times.ts";
import { Bar } from "./bar.tsx";
import { Icon } from "./icon.tsx";

const WORDS: Readonly<Record<RailStage["status"], string>> = {
  passed: "done",
  present: "now",
  ahead: "to come",
};

interface RailProps {
  readonly view: EnvironmentView;
  /** The percentage that was in force last; `null` where there was none. */
  readonly leftPct: number | null;
  /** The time of what is shown, in milliseconds of the epoch. */
  readonly shownAt: number;
}

/** The stages of the plan: done, now with its time, and to come, with the gates between them. */
export function Rail({ view, leftPct, shownAt }: RailProps): JSX.Element {
  return (
    <section class="card rail" aria-labelledby="rail-title">
      <h2 id="rail-title" class="visually-hidden">
        Stages of the plan
      </h2>
      <ol>
        {view.rail.map((stage) => (
          <li
            key={stage.number}
            class={`stage is-${stage.status}${view.rollback !== null && stage.pct === leftPct ? " is-left" : ""}`}
            aria-current={stage.status === "present" ? "step" : undefined}
          >
            <div class="stage-head">
              <span class="stage-mark">
                {isDone(stage, view) ? <Icon name="check" /> : stage.number}
              </span>
              <strong class="stage-pct">{stage.pct}%</strong>
              <span class="stage-word">{wordOf(stage, view, leftPct)}</span>
            </div>
            <StageTime stage={stage} view={view} shownAt={shownAt} />
            <Gate stage={stage} />
          </li>
        ))}
      </ol>
      <Facts view={view} shownAt={shownAt} />
    </section>
  );
}

/** The plan is done with it. The last stage is left by no other one. */
function isDone({ status }: RailStage, { state }: EnvironmentView): boolean {
  return status === "passed" || (status === "present" && state === "completed");
}

function wordOf(
  stage: RailStage,
  { next, rollback, state }: EnvironmentView,
  left: number | null,
): string {
  if (state === "completed") return "done";
  // Nothing is to come by itself after a rollback.
  if (rollback !== null) return stage.pct === left ? "rolled back from here" : "";
  return stage.status === "ahead" && stage.pct === next ? "next" : WORDS[stage.status];
}

function StageTime(props: {
  readonly stage: RailStage;
  readonly view: EnvironmentView;
  readonly shownAt: number;
}): JSX.Element {
  const { stage, view, shownAt } = props;
  const { status, holdMs, requests, minRequests } = stage;
  if (status !== "present") {
    return (
      <p class="stage-text">
        {status === "passed" ? "asked for" : "at least"} {spanText(holdMs)}
        {status === "ahead" ? `, ${countText(minRequests)} requests` : ""}
      </p>
    );
  }
  const stayed = stayedMs(stage, view, shownAt);
  const time = `${spanText(stayed)} of ${spanText(holdMs)}`;
  const isEnough = (requests ?? 0) >= minRequests;
  const count = isEnough
    ? `${shortCount(requests ?? 0)} requests (minimum ${countText(minRequests)})`
    : `${countText(requests ?? 0)} of ${countText(minRequests)} requests`;
  return (
    <>
      <Bar part={holdMs === 0 ? 1 : stayed / holdMs} label="Time at this stage" text={time} />
      <p class="stage-text">
        {time}
        {view.reason === "freeze" ? ", frozen" : ""} · {count}
      </p>
    </>
  );
}

/** Where the percentage is kept, and where evidence comes from. */
function Facts(props: {
  readonly view: EnvironmentView;
  readonly shownAt: number;
}): JSX.Element | null {
  const { view, shownAt } = props;
  const facts = [
    ...(view.store === null ? [] : [{ name: "Store", text: view.store }]),
    ...(view.sources.length === 0 ? [] : [{ name: "Evidence", text: evidenceText(view, shownAt) }]),
  ];
  if (facts.length === 0) return null;
  return (
    <dl class="facts">
      {facts.map(({ name, text }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

function Gate({ stage }: { readonly stage: RailStage }): JSX.Element | null {
  if (stage.approval === "not-needed") return null;
  const isGiven = stage.approval === "given";
  return (
    <p class={`gate ${isGiven ? "is-given" : "is-needed"}`}>
      <Icon name={isGiven ? "check" : "gate"} />
      {isGiven ? "approved" : "approval to leave"}
    </p>
  );
}
