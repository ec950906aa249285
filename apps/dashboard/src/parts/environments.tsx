import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { JSX } from "preact";
import { addressOf } from "../address.ts";
import { healthOf } from "../reading/health.ts";
import { nextStep } from "../reading/next-step.ts";
import { statusOf } from "../reading/status.ts";
import { Icon } from "./icon.tsx";

/** All environments in the header: a sign, a name and a percentage each. */
export function EnvironmentTabs(props: {
  readonly views: readonly EnvironmentView[];
  readonly chosen: string | null;
}): JSX.Element | null {
  const { views, chosen } = props;
  if (views.length < 2) return views[0] === undefined ? null : <p class="only">{views[0].name}</p>;
  return (
    <nav class="tabs" aria-label="Environments">
      {views.map((view) => {
        const { tone, sign, headline } = statusOf(view);
        return (
          <a
            key={view.name}
            class={`tab tone-${tone}`}
            href={addressOf(view.name)}
            aria-current={view.name === chosen ? "page" : undefined}
            title={headline}
          >
            <Icon name={sign} />
            {view.name}
            <span class="tab-pct">{view.pct === null ? "–" : `${view.pct}%`}</span>
          </a>
        );
      })}
    </nav>
  );
}

/** The list of all environments, each with its state at one glance. */
export function EnvironmentList({
  views,
}: {
  readonly views: readonly EnvironmentView[];
}): JSX.Element {
  return (
    <section class="environments" aria-labelledby="environments-title">
      <h1 id="environments-title">Environments</h1>
      <ul>
        {views.map((view) => (
          <EnvironmentCard key={view.name} view={view} />
        ))}
      </ul>
    </section>
  );
}

function EnvironmentCard({ view }: { readonly view: EnvironmentView }): JSX.Element {
  const { tone, sign, headline, detail } = statusOf(view);
  const health = healthOf(view);
  const next = nextStep(view, view.at);
  return (
    <li class={`card environment tone-${tone}`}>
      <a href={addressOf(view.name)}>
        <h2>{view.name}</h2>
        <p class="environment-status">
          <span class="status-sign">
            <Icon name={sign} />
          </span>
          <span>
            <strong>{headline}</strong> {detail}
          </span>
        </p>
        <MiniRail view={view} />
        <p class="environment-about">
          <span class={`tone-${health.tone} health`}>{health.text}</span>
          <span>Next: {next.what}</span>
        </p>
      </a>
    </li>
  );
}

function MiniRail({ view }: { readonly view: EnvironmentView }): JSX.Element {
  return (
    <span class="mini-rail">
      {view.rail.map(({ number, pct, status }) => (
        <span key={number} class={`is-${status}`}>
          {pct}%
        </span>
      ))}
    </span>
  );
}
