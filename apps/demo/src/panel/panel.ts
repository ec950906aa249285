import type { PanelFault, PanelState } from "../page/panel-state.ts";

const panel = document.createElement("aside");
panel.className = "demo-panel";
panel.setAttribute("aria-label", "Demo");
document.body.append(panel);

const buttons = document.createElement("div");
buttons.className = "demo-buttons";
const said = document.createElement("p");
said.setAttribute("role", "status");
const row = document.createElement("div");
row.className = "demo-buttons";
const about = document.createElement("p");
about.className = "demo-about";
const cures = document.createElement("div");
cures.className = "demo-group";
row.append(cures, said);
panel.append(buttons, row, about);

await ask("GET", "state");

/** Asks the demo, and shows the state that it answers with. */
async function ask(method: string, path: string, body?: object): Promise<void> {
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = { "content-type": "application/json" };
  try {
    const response = await fetch(`./demo/${path}`, { method, headers, ...init });
    if (response.ok) show((await response.json()) as PanelState);
    else said.textContent = await response.text();
  } catch {
    said.textContent = "The demo does not answer: it may have ended.";
  }
}

function show(state: PanelState): void {
  const focused = document.activeElement?.id;
  const groups = new Set(state.faults.map((each) => each.group));
  const heal = button("heal", "Heal", async () => ask("POST", "fault", { fault: null }));
  const again = button("again", "Start again", async () => {
    said.textContent = "Heals, rolls back, and starts again…";
    await ask("POST", "again", {});
  });
  const ofFaults = [...groups].map((name) => {
    const ofGroup = state.faults.filter((each) => each.group === name);
    return group(
      name,
      ofGroup.map((each) => faultButton(each, state)),
    );
  });
  buttons.replaceChildren(...ofFaults);
  cures.replaceChildren(heal, again);
  // The buttons are new, and the visitor may go on by keyboard.
  if (focused !== undefined) document.getElementById(focused)?.focus();
  said.textContent = saidOf(state);
  about.replaceChildren(...aboutOf(state));
}

function saidOf({ fault, faults, usualErrors }: PanelState): string {
  const on = faults.find(({ name }) => name === fault);
  if (on !== undefined) return `On now: ${on.about}`;
  return (
    `No fault is on: both paths fail ${100 * usualErrors}% of requests at random, as real sites do. ` +
    "A rollout that was rolled back stays so: start again."
  );
}

function aboutOf({ clients, meanRps, outlook, ...state }: PanelState): (string | Node)[] {
  const soon = outlook.map(({ pct, seconds }) =>
    seconds === null ? `never at ${pct}%` : `${Math.round(seconds)} s at ${pct}%`,
  );
  return [
    `${clients.toLocaleString("en")} addresses send about ${meanRps} requests a second, or as many as this ` +
      "machine can. ",
    `By preflight, 5% errors show after ${soon.join(", ")}, in half of all cases; verdicts come some seconds later. The `,
    link("shop", state.shop),
    ", its ",
    link("legacy", state.legacy),
    ", its ",
    link("EdgeZero", state.edgezero),
    " and the ",
    link("controller's own page", state.controller),
    ".",
  ];
}

function faultButton({ name, label }: PanelFault, state: PanelState): HTMLButtonElement {
  const made = button(name, label, async () => ask("POST", "fault", { fault: name }));
  made.setAttribute("aria-pressed", String(state.fault === name));
  return made;
}

function group(name: string, members: readonly HTMLElement[]): HTMLElement {
  const made = document.createElement("div");
  made.className = "demo-group";
  made.setAttribute("role", "group");
  made.setAttribute("aria-labelledby", `demo-group-${name.replaceAll(" ", "-")}`);
  const heading = document.createElement("span");
  heading.id = `demo-group-${name.replaceAll(" ", "-")}`;
  heading.textContent = name;
  made.append(heading, ...members);
  return made;
}

function button(id: string, text: string, onPress: () => Promise<void>): HTMLButtonElement {
  const made = document.createElement("button");
  made.id = `demo-${id}`;
  made.type = "button";
  made.className = "button";
  made.textContent = text;
  made.addEventListener("click", () => void onPress());
  return made;
}

function link(text: string, href: string): HTMLAnchorElement {
  const made = document.createElement("a");
  made.href = href;
  made.target = "_blank";
  made.rel = "noopener";
  made.textContent = text;
  return made;
}
