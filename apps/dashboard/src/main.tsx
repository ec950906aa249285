// oxlint-disable-next-line import/no-unassigned-import -- It has an effect alone, and comes first.
import "./without-eval.ts";
import { effect } from "@preact/signals";
import { render } from "preact";
import { act } from "./acting.ts";
import type { ActionRequest } from "./acting.ts";
import { App } from "./app.tsx";
import { keepToken, keepWho, readSession, storageOf } from "./connection/session.ts";
import { firstAction, offeredActions } from "./reading/offered.ts";
import { statusOf } from "./reading/status.ts";
import { run } from "./run.ts";
import type { ShortcutName } from "./shortcuts.ts";
import { shortcutOf } from "./shortcuts.ts";
import { createState } from "./state.ts";
import { applyTheme, nextTheme, readTheme } from "./theme.ts";

const tab = storageOf(() => sessionStorage);
const browser = storageOf(() => localStorage);
const state = createState(Date.now(), {
  ...readSession(tab),
  theme: readTheme(browser),
});
const running = run(state);

const actions = {
  act(request: ActionRequest): void {
    const { chosen, who, acting } = state;
    if (chosen.value === null) return;
    who.value = request.who;
    keepWho(tab, request.who);
    void act(acting, running.client(), chosen.value, request);
  },
  changeTheme(): void {
    state.theme.value = nextTheme(state.theme.value);
  },
  toggleKeys(): void {
    state.isKeysShown.value = !state.isKeysShown.value;
  },
  giveToken(token: string | null): void {
    keepToken(tab, token);
    state.token.value = token;
    running.again();
  },
};

const SHORTCUT_ACTIONS: Readonly<Record<ShortcutName, () => void>> = {
  rollback: () => ask("rollback"),
  first: () => {
    const first = state.view.value === null ? null : firstAction(state.view.value);
    if (first !== null) ask(first);
  },
  pause: () => {
    if (state.view.value !== null && offeredActions(state.view.value).includes("pause"))
      ask("pause");
  },
  filter: () => document.querySelector<HTMLElement>("#timeline-filter")?.focus(),
  environments: () => void (location.hash = "#/"),
  colours: () => actions.changeTheme(),
  keys: () => actions.toggleKeys(),
};

function ask(action: ActionRequest["action"]): void {
  const { value: view } = state.view;
  if (view !== null) state.acting.value = { kind: "asking", action, stage: view.stage };
}

effect(() => applyTheme(browser, document.documentElement, state.theme.value));
effect(() => {
  const { value: view } = state.view;
  const old = state.link.value.kind === "lost" ? "Not live · " : "";
  document.title =
    view === null ? "EdgeZero Rollout" : `${old}${statusOf(view).headline} · ${view.name}`;
});
document.addEventListener("keydown", (event) => {
  const name = shortcutOf(event);
  if (name === null) return;
  event.preventDefault();
  SHORTCUT_ACTIONS[name]();
});
globalThis.addEventListener("hashchange", running.navigate);
setInterval(() => (state.now.value = Date.now()), 1000);

const page = document.querySelector("#page");
page?.replaceChildren();
if (page !== null) render(<App state={state} actions={actions} />, page);
running.again();
