import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { JSX } from "preact";
import type { ActionRequest } from "./acting.ts";
import { Announcer } from "./parts/announcer.tsx";
import { EnvironmentList, EnvironmentTabs } from "./parts/environments.tsx";
import { Hatch } from "./parts/hatch.tsx";
import { Keys } from "./parts/keys.tsx";
import { LinkBadge, StaleBanner } from "./parts/link-state.tsx";
import { Loading, Lone } from "./parts/lone.tsx";
import { PageHeader } from "./parts/page-header.tsx";
import { TokenForm } from "./parts/token-form.tsx";
import { isBlind } from "./reading/freshness.ts";
import { rollbackCommand } from "./reading/shell-command.ts";
import { statusOf } from "./reading/status.ts";
import { Screen } from "./screen.tsx";
import type { PageState } from "./state.ts";
import { staleness } from "./staleness.ts";

/** What the page can ask of whoever runs it. */
export interface PageActions {
  readonly act: (request: ActionRequest) => void;
  readonly changeTheme: () => void;
  readonly toggleKeys: () => void;
  readonly giveToken: (token: string | null) => void;
}

interface AppProps {
  readonly state: PageState;
  readonly actions: PageActions;
}

/** The page. */
export function App({ state, actions }: AppProps): JSX.Element {
  const { link, view, receivedAt, environments, chosen, theme, token, now, isKeysShown } = state;
  const hasToken = token.value !== null && link.value.kind !== "denied";
  return (
    <>
      <Hatch />
      <a class="skip" href="#main">
        Skip to the status
      </a>
      <PageHeader
        theme={theme.value}
        onTheme={actions.changeTheme}
        onKeys={actions.toggleKeys}
        isKeysShown={isKeysShown.value}
        onForget={hasToken ? () => actions.giveToken(null) : null}
      >
        <EnvironmentTabs views={environments.value ?? []} chosen={chosen.value} />
        <LinkBadge
          link={link.value}
          now={now}
          viewAt={receivedAt.value}
          isStale={staleness(link.value, receivedAt.value, now.value) !== null}
          isBlind={shownViews(state).some(isBlind)}
        />
      </PageHeader>
      {isKeysShown.value ? <Keys /> : null}
      <main id="main" tabIndex={-1}>
        <Content state={state} actions={actions} />
      </main>
      <Announcer text={spokenText(state)} isUrgent={isUrgent(view.value?.state)} />
    </>
  );
}

/** The environment that is shown, or all of the list. */
function shownViews({ chosen, view, environments }: PageState): readonly EnvironmentView[] {
  if (chosen.value === null) return environments.value ?? [];
  return view.value === null ? [] : [view.value];
}

function Content({ state, actions }: AppProps): JSX.Element {
  const { link, view, environments, chosen, token } = state;
  const { value: now } = link;
  if (now.kind === "denied") {
    return <TokenForm why={now.why} isWrong={token.value !== null} onToken={actions.giveToken} />;
  }
  if (now.kind === "unknown") {
    return (
      <Lone title={`There is no environment “${chosen.value ?? ""}”`}>
        <p>The controller runs those that name `evidence` in its config file.</p>
        <p>
          <a href="#/">Show all environments</a>
        </p>
      </Lone>
    );
  }
  if (chosen.value !== null && view.value !== null) {
    return <Screen state={state} view={view.value} onAct={actions.act} />;
  }
  if (chosen.value === null && environments.value !== null) {
    if (environments.value.length > 0) return <List state={state} views={environments.value} />;
    return (
      <Lone title="No environment is set up">
        <p>
          Name <code>evidence</code> and a <code>plan</code> for an environment in the config file,
          and start the controller again.
        </p>
      </Lone>
    );
  }
  if (now.kind === "lost") {
    return (
      <Lone title="Not connected">
        <p>{now.why} The page tries again by itself.</p>
        <p>
          A rollback needs no controller. Where the config file is, type{" "}
          <code>{rollbackCommand(chosen.value ?? "<environment>")}</code>
        </p>
      </Lone>
    );
  }
  return <Loading />;
}

function List(props: {
  readonly state: PageState;
  readonly views: readonly EnvironmentView[];
}): JSX.Element {
  const { link, receivedAt, now } = props.state;
  const stale = staleness(link.value, receivedAt.value, now.value);
  return (
    <div class={`listing${stale === null ? "" : " is-stale"}`}>
      {stale === null ? null : <StaleBanner {...stale} now={now} />}
      <EnvironmentList views={props.views} />
    </div>
  );
}

function spokenText({ link, view }: PageState): string {
  if (link.value.kind === "lost") return "The page is not live any more.";
  if (view.value === null) return "";
  const { headline, detail } = statusOf(view.value);
  // Numbers that run would be spoken with each step.
  const { reason } = view.value;
  const isRunning = reason === "hold" || reason === "requests" || reason === "share";
  return isRunning ? `${headline}.` : `${headline}: ${detail}.`;
}

function isUrgent(state: string | undefined): boolean {
  return state === "rolling-back" || state === "rollback-unverified";
}
