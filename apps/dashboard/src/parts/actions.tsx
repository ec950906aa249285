import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ActionRequest, Acting } from "../acting.ts";
import { rollbackCommand, shellCommand } from "../reading/shell-command.ts";
import type { Action } from "../reading/offered.ts";
import { offeredActions, promoteRefusal } from "../reading/offered.ts";
import { ConfirmAction } from "./confirm-action.tsx";
import { RollBackButton } from "./roll-back-button.tsx";

const NAMES: Readonly<Record<Action, string>> = {
  start: "Start",
  pause: "Pause",
  resume: "Resume",
  approve: "Approve",
  promote: "Promote",
  rollback: "Roll back",
  reset: "Reset",
};

/** Gives the focus back to a button when a confirmation ends. */
function useFocusAfter(now: Acting): void {
  const before = useRef<Acting>(now);
  useLayoutEffect(() => {
    if (before.current.kind === "asking" && now.kind !== "asking") {
      const button = document.querySelector<HTMLElement>(`#action-${before.current.action}`);
      (button ?? document.querySelector<HTMLElement>("#action-rollback"))?.focus();
    }
    before.current = now;
  }, [now]);
}

function buttonText(action: Action, { stage, state }: EnvironmentView): string {
  if (action === "approve") return `Approve stage ${stage ?? ""}`;
  return action === "reset" && state !== "warming-up" ? "Reset to begin again" : NAMES[action];
}

/** Whether the rollout waits for this action. An approval can also be given early. */
function isAwaited(action: Action, { state }: EnvironmentView): boolean {
  if (action === "approve") return state === "awaiting-approval";
  return action === "start" || action === "resume";
}

interface ActionsProps {
  readonly view: EnvironmentView;
  readonly acting: Signal<Acting>;
  readonly who: string;
  readonly onAct: (request: ActionRequest) => void;
}

/** What an operator can do now. Roll back is always here, and confirmed in its place. */
export function Actions({ view, acting, who, onAct }: ActionsProps): JSX.Element {
  const now = acting.value;
  useFocusAfter(now);
  const ask = (action: Action) => (): void =>
    void (acting.value = { kind: "asking", action, stage: view.stage });
  if (now.kind === "asking") {
    const { action, stage } = now;
    return (
      <div class="actions">
        <ConfirmAction
          action={action}
          view={view}
          who={who}
          onCancel={() => (acting.value = { kind: "nothing" })}
          onConfirm={(given) => onAct({ ...given, action, stage })}
        />
        {action === "rollback" ? null : (
          <div class="buttons">
            <RollBackButton view={view} onClick={ask("rollback")} />
          </div>
        )}
      </div>
    );
  }
  const offered = offeredActions(view);
  const refusal = offered.includes("promote") ? promoteRefusal(view) : null;
  return (
    <div class="actions">
      <div class="buttons" role="group" aria-label="Actions">
        {offered.map((action) => {
          const isRefused = action === "promote" && refusal !== null;
          return (
            <button
              key={action}
              type="button"
              id={`action-${action}`}
              class={isAwaited(action, view) ? "button is-first" : "button"}
              aria-disabled={isRefused ? "true" : "false"}
              aria-describedby={isRefused ? "promote-refusal" : undefined}
              onClick={isRefused ? undefined : ask(action)}
            >
              {buttonText(action, view)}
            </button>
          );
        })}
        <RollBackButton view={view} onClick={ask("rollback")} />
      </div>
      <div role="status">
        <Outcome acting={now} view={view} />
      </div>
      {refusal === null ? null : (
        <p class="refusal" id="promote-refusal">
          {refusal}
        </p>
      )}
    </div>
  );
}

function Outcome(props: {
  readonly acting: Acting;
  readonly view: EnvironmentView;
}): JSX.Element | null {
  const { acting, view } = props;
  switch (acting.kind) {
    case "sending":
      return <p class="outcome">{NAMES[acting.action]}: sending …</p>;
    case "taken":
      return <p class="outcome is-taken">{acting.sentence}</p>;
    case "refused":
      return <p class="outcome is-refused">Refused: {acting.sentence}</p>;
    case "overtaken":
      return (
        <p class="outcome is-refused">
          {NAMES[acting.action]} was not sent: the rollout went on while it was asked.
        </p>
      );
    case "unknown":
      return <Unknown acting={acting} view={view} />;
    case "nothing":
    case "asking":
    default:
      return null;
  }
}

/** Nobody knows whether the controller got it: what to type in a shell instead. */
function Unknown(props: {
  readonly acting: Extract<Acting, { kind: "unknown" }>;
  readonly view: EnvironmentView;
}): JSX.Element {
  const { acting, view } = props;
  const { action, stage, sentence } = acting;
  const controller = new URL(".", document.baseURI).href;
  const isRollback = action === "rollback";
  return (
    <p class="outcome is-refused">
      {NAMES[action]} may not have reached the controller: {sentence} Where the config file is, type{" "}
      <code>{shellCommand(action, { ...view, stage }, controller)}</code>
      {isRollback
        ? ": it needs no controller."
        : " once the controller answers. A rollback needs none: "}
      {isRollback ? null : <code>{rollbackCommand(view.name)}</code>}
    </p>
  );
}
