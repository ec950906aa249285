import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Action } from "../reading/offered.ts";
import { isReasonAsked } from "../reading/shell-command.ts";

/** What each action does, as a question, and the word on its button. */
const QUESTIONS: Readonly<
  Record<Action, { readonly ask: (view: EnvironmentView) => string; readonly confirm: string }>
> = {
  start: {
    ask: ({ next }) => `Start the plan, up to ${next ?? "the first"}% first?`,
    confirm: "Start now",
  },
  pause: {
    ask: () => "Pause? It stays where it is, and verdicts can still roll back.",
    confirm: "Pause now",
  },
  resume: { ask: () => "Go on with the plan?", confirm: "Resume now" },
  approve: {
    ask: ({ stage, next }) => `Approve stage ${stage ?? "?"}, to go on to ${next ?? "the next"}%?`,
    confirm: "Approve now",
  },
  promote: {
    ask: ({ next }) => `Skip the rest of the stage's time, and go on to ${next ?? "the next"}%?`,
    confirm: "Promote now",
  },
  rollback: {
    ask: ({ state, pct }) =>
      state === "rolled-back" && pct === 0
        ? "Write 0, and have every gateway prove that it serves legacy?"
        : "Send every client back to legacy, at once?",
    confirm: "Roll back now",
  },
  reset: {
    ask: () =>
      "Reset to idle? The evidence is dropped, the store stays as it is. Then start again.",
    confirm: "Reset now",
  },
};

interface ConfirmActionProps {
  readonly action: Action;
  readonly view: EnvironmentView;
  readonly who: string;
  readonly onCancel: () => void;
  readonly onConfirm: (given: { readonly who: string; readonly reason: string }) => void;
}

/** Asks for one confirmation, in the place of the buttons. Escape leaves it. */
export function ConfirmAction(props: ConfirmActionProps): JSX.Element {
  const { action, view, who, onCancel, onConfirm } = props;
  const confirm = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => confirm.current?.focus(), [action]);
  const { ask, confirm: word } = QUESTIONS[action];
  const needsReason = isReasonAsked(action, view.state);
  return (
    <form
      class={`confirm${action === "rollback" ? " is-rollback" : ""}`}
      aria-labelledby="confirm-question"
      onKeyDown={({ key }) => {
        if (key === "Escape") onCancel();
      }}
      onSubmit={(event) => {
        event.preventDefault();
        const given = new FormData(event.currentTarget);
        onConfirm({ who: textOf(given, "who"), reason: textOf(given, "reason") });
      }}
    >
      <p id="confirm-question">{ask(view)}</p>
      <button
        ref={confirm}
        class={`button ${action === "rollback" ? "is-rollback is-sure" : "is-first"}`}
        type="submit"
      >
        {word}
      </button>
      <button class="button" type="button" onClick={onCancel}>
        Cancel
      </button>
      <label>
        Your name
        <input name="who" defaultValue={who} maxLength={200} autoComplete="name" />
      </label>
      <label>
        Why{needsReason ? "" : " (optional)"}
        <input name="reason" maxLength={500} required={needsReason} autoComplete="off" />
      </label>
    </form>
  );
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
