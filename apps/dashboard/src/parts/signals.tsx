import { clientsText } from "@edgezero/control-api/clients-view";
import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { History } from "@edgezero/control-api/history";
import { clientsSeen } from "@edgezero/control-api/observed-now";
import type { SignalView } from "@edgezero/control-api/signal-view";
import type { JSX } from "preact";
import type { SignalHealth } from "../reading/health.ts";
import { signalHealth, worstFirst } from "../reading/health.ts";
import { countText, shortCount, wholePercent } from "../reading/numbers.ts";
import {
  consequenceText,
  detailText,
  recentRate,
  sentenceText,
  valueText,
} from "../reading/signal-texts.ts";
import { sparkPath } from "../reading/spark.ts";
import { stageBegin } from "../reading/stage-begin.ts";
import type { Tone } from "../reading/tone.ts";
import { Bar } from "./bar.tsx";
import type { IconName } from "./icon.tsx";
import { Icon } from "./icon.tsx";
import { IntervalLegend } from "./interval-legend.tsx";
import { IntervalBar } from "./interval-bar.tsx";

const SIGNS: Readonly<Record<Tone, IconName>> = {
  good: "check",
  calm: "wait",
  caution: "alarm",
  bad: "cross",
  off: "rest",
};

interface SignalsProps {
  readonly view: EnvironmentView;
  readonly history: History;
}

/** Each signal: both rates, the interval against the margin, and how much evidence there is. */
export function Signals({ view, history }: SignalsProps): JSX.Element {
  const since = stageBegin(history, view);
  return (
    <section class="card signals" aria-labelledby="signals-title">
      <div class="card-head">
        <h2 id="signals-title">
          {view.rollback === null ? "Signals of this stage" : "Signals at the rollback"}
        </h2>
        <IntervalLegend />
      </div>
      <Clients view={view} />
      {view.signals.length === 0 ? (
        <p class="empty">No signal has been read yet.</p>
      ) : (
        <ul>
          {worstFirst(view).map((signal) => (
            <SignalRow
              key={signal.name}
              signal={signal}
              health={signalHealth(signal, view)}
              spark={sparkPath(history, signal.name, since)}
              isOver={view.rollback !== null}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

/** How far failures are spread, as far as gateways count it. */
function Clients({ view }: { readonly view: EnvironmentView }): JSX.Element | null {
  const clients = clientsSeen(view);
  if (clients === null) return null;
  const when = view.rollback === null ? "in the last minute" : "in the minute before it";
  return (
    <p class="clients">
      <strong>Clients that failed {when}:</strong> {clientsText(clients)}. How often each of them
      fails is not counted.
    </p>
  );
}

interface SignalRowProps {
  readonly signal: SignalView;
  readonly health: SignalHealth;
  readonly spark: string;
  /** It was rolled back: nothing is counted any more. */
  readonly isOver: boolean;
}

function SignalRow({ signal, health, spark, isOver }: SignalRowProps): JSX.Element {
  const { tone, word, isThin, isOld = false } = health;
  const { trials, evidence } = signal;
  const goal = isOver ? null : goalOf(signal);
  const recent = recentRate(signal);
  // Said now, it would sound as if it were of now.
  const sentence = `${isOld ? "Before that: " : ""}${sentenceText(signal)}`;
  const detail = detailText(signal);
  const evidenceText = `${wholePercent(evidence)} of evidence ${consequenceText(signal)}`;
  const requestsText =
    goal === null
      ? `${shortCount(trials)} requests`
      : `${shortCount(trials)} of ${shortCount(goal.trials)} ${goal.to}`;
  return (
    <li class={`signal tone-${tone}${isThin ? " is-thin" : ""}`}>
      <div class="signal-name">
        <h3>{signal.name}</h3>
        <p class="chip">
          <Icon name={SIGNS[tone]} />
          {word}
        </p>
      </div>
      <dl class="signal-values">
        <div>
          <dt>EdgeZero</dt>
          <dd>{valueText(signal, signal.canary)}</dd>
        </div>
        {recent === null ? null : (
          <div>
            <dt>{isOld ? "last seen" : "of late"}</dt>
            <dd>{valueText(signal, recent)}</dd>
          </div>
        )}
        <div>
          <dt>Legacy</dt>
          <dd>{valueText(signal, signal.control)}</dd>
        </div>
      </dl>
      <IntervalBar signal={signal} health={health} />
      <div class="signal-evidence">
        <Bar
          part={evidence}
          label={`Evidence of ${signal.name}`}
          text={evidenceText}
          tone={evidenceTone(signal)}
        />
        <p>{evidenceText}</p>
        {goal === null ? null : (
          <Bar
            part={goal.trials === 0 ? 1 : trials / goal.trials}
            label={`Requests for ${signal.name}`}
            text={requestsText}
            isThin={isThin}
          />
        )}
        <p title={`${countText(trials)} requests on EdgeZero in this stage`}>{requestsText}</p>
      </div>
      {spark === "" ? null : (
        <figure class="spark" aria-hidden="true">
          <svg viewBox="0 0 100 100" preserveAspectRatio="none">
            <path d={spark} />
          </svg>
          <figcaption>this stage</figcaption>
        </figure>
      )}
      {detail === "" ? (
        <p class="signal-sentence">{sentence}</p>
      ) : (
        <details class="signal-sentence">
          <summary>{sentence}</summary>
          <p>{detail}</p>
        </details>
      )}
    </li>
  );
}

/** How many requests are waited for, and what they would show. `null` where they have come, or nobody can tell. */
function goalOf({ verdict, needed, trials, basis: { signal } }: SignalView): {
  readonly trials: number;
  readonly to: string;
} | null {
  // Below this on either path nothing is said.
  if (verdict === "insufficient") return { trials: signal.minTrials ?? 100, to: "to be judged" };
  return needed === null || trials >= needed
    ? null
    : { trials: Math.ceil(needed), to: "to rule out harm" };
}

function evidenceTone({ evidence }: SignalView): Tone {
  if (evidence >= 1) return "bad";
  return evidence >= 0.25 ? "caution" : "calm";
}
