import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { JSX } from "preact";
import { OWN_ZERO } from "../reading/needed-from-you.ts";
import { isFromOutside } from "../reading/status.ts";
import { Icon } from "./icon.tsx";

/** Always in view, also while another action waits for its confirmation. */
export function RollBackButton(props: {
  readonly view: EnvironmentView;
  readonly onClick: () => void;
}): JSX.Element {
  const { view, onClick } = props;
  return (
    <button
      type="button"
      id="action-rollback"
      class={`button is-rollback${isBack(view) ? " is-quiet" : ""}`}
      aria-keyshortcuts="Alt+Shift+R"
      onClick={onClick}
    >
      <Icon name="back" />
      {isFromOutside(view) ? OWN_ZERO : isBack(view) ? "Roll back again" : "Roll back"}
    </button>
  );
}

/** It is at 0 after a rollback: another one changes little. */
function isBack({ state, pct }: EnvironmentView): boolean {
  return state === "rolled-back" && pct === 0;
}
