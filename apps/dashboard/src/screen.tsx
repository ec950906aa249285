import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { JSX } from "preact";
import type { ActionRequest } from "./acting.ts";
import { Actions } from "./parts/actions.tsx";
import { StaleBanner } from "./parts/link-state.tsx";
import { Rail } from "./parts/rail.tsx";
import { RollbackProgress } from "./parts/rollback-progress.tsx";
import { ShareChart } from "./parts/share-chart.tsx";
import { Signals } from "./parts/signals.tsx";
import { SourceNotes } from "./parts/source-notes.tsx";
import { StatusCard } from "./parts/status-card.tsx";
import { Timeline } from "./parts/timeline.tsx";
import { rollbackCommand } from "./reading/shell-command.ts";
import { neededFromYou } from "./reading/needed-from-you.ts";
import { lastExposedPct } from "./reading/stage-begin.ts";
import type { PageState } from "./state.ts";
import { staleness } from "./staleness.ts";

interface ScreenProps {
  readonly state: PageState;
  readonly view: EnvironmentView;
  readonly onAct: (request: ActionRequest) => void;
}

/** What the operator has to do. What was true some time ago is no answer. */
function Needed(props: { readonly view: EnvironmentView; readonly isStale: boolean }): JSX.Element {
  const { view, isStale } = props;
  if (!isStale) return <p class="needed">{neededFromYou(view)}</p>;
  return (
    <p class="needed">
      To roll back without the controller, type <code>{rollbackCommand(view.name)}</code>
    </p>
  );
}

/** Everything about one environment. */
export function Screen({ state, view, onAct }: ScreenProps): JSX.Element {
  const { link, now, history, acting, who, theme, entry, receivedAt } = state;
  const stale = staleness(link.value, receivedAt.value, now.value);
  const shownAt = stale?.since ?? now.value;
  return (
    <div class={`screen${stale === null ? "" : " is-stale"}`}>
      {stale === null ? null : <StaleBanner {...stale} now={now} />}
      <StatusCard view={view} now={now} staleSince={stale?.since ?? null} />
      <section class="card acting" aria-label="What you can do">
        <RollbackProgress view={view} now={now} />
        <SourceNotes view={view} shownAt={shownAt} />
        {acting.value.kind === "asking" ? null : <Needed view={view} isStale={stale !== null} />}
        <Actions view={view} acting={acting} who={who.value} onAct={onAct} />
      </section>
      <Rail view={view} leftPct={lastExposedPct(history.value)} shownAt={shownAt} />
      <div class="columns">
        <Signals view={view} history={history.value} />
        <div class="column">
          <ShareChart view={view} history={history.value} theme={theme.value} />
          <Timeline view={view} now={now} marked={entry.value} />
        </div>
      </div>
    </div>
  );
}
