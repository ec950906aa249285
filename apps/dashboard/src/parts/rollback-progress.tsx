import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { ReadonlySignal } from "@preact/signals";
import type { JSX } from "preact";
import type { StepStatus } from "../reading/proof.ts";
import { rollbackSteps } from "../reading/proof.ts";
import type { IconName } from "./icon.tsx";
import { Icon } from "./icon.tsx";

const SIGNS: Readonly<Record<StepStatus, IconName>> = {
  done: "check",
  "under-way": "wait",
  ahead: "rest",
  "not-proven": "alarm",
};

/** How far a rollback is: written, then proven, with its times. */
export function RollbackProgress(props: {
  readonly view: EnvironmentView;
  readonly now: ReadonlySignal<number>;
}): JSX.Element | null {
  const steps = rollbackSteps(props.view, props.now.value);
  if (steps.length === 0) return null;
  return (
    <ol class="proof" aria-label="The rollback">
      {steps.map(({ name, status, text }) => (
        <li key={name} class={`is-${status}`}>
          <Icon name={SIGNS[status]} />
          {text}
        </li>
      ))}
    </ol>
  );
}
