import type { ControllerClient } from "@edgezero/control-api/client";
import { ClientError, createClient } from "@edgezero/control-api/client";
import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import { NO_HISTORY } from "@edgezero/control-api/history";
import { batch } from "@preact/signals";
import { actingAfter } from "./acting.ts";
import { readAddress } from "./address.ts";
import { follow } from "./connection/follow.ts";
import { fetchHeard } from "./connection/heard.ts";
import { woken } from "./connection/woken.ts";
import { joinHistory } from "./reading/join-history.ts";
import type { PageState } from "./state.ts";

const LIST_MS = 5000;

/** Keeps the page's state as the controller's, from now on. */
export interface Running {
  /** Connects again, such as with another token. */
  readonly again: () => void;
  /** Shows what the address names now. */
  readonly navigate: () => void;
  readonly client: () => ControllerClient;
}

/** Connects to the controller that served the page. */
export function run(state: PageState): Running {
  let stop = new AbortController();

  function client(onBytes: () => void = ignore): ControllerClient {
    const token = state.token.value ?? undefined;
    const url = new URL(".", document.baseURI).href;
    return createClient({ url, token, fetch: fetchHeard((...args) => fetch(...args), onBytes) });
  }

  function again(): void {
    stop.abort();
    stop = new AbortController();
    const { environment, entry } = readAddress(location.hash);
    batch(() => {
      if (environment !== state.chosen.value) {
        state.view.value = null;
        state.receivedAt.value = null;
        state.history.value = NO_HISTORY;
        state.acting.value = { kind: "nothing" };
      }
      state.chosen.value = environment;
      state.entry.value = entry;
      state.link.value = { kind: "connecting" };
    });
    void connect(stop.signal);
  }

  async function connect(signal: AbortSignal): Promise<void> {
    void keepListing(signal);
    const name = state.chosen.value;
    if (name !== null) await followOne(name, signal);
  }

  async function followOne(name: string, signal: AbortSignal): Promise<void> {
    await follow({
      name,
      client,
      woken,
      stop: signal,
      now: () => Date.now(),
      onView: (view) => {
        if (!signal.aborted) show(view);
      },
      onLink: (link) => {
        if (signal.aborted) return;
        // What came in a gap is in the history alone.
        if (link.kind === "live" && state.link.value.kind !== "live")
          void loadHistory(name, signal);
        state.link.value = link;
      },
    });
  }

  function show(view: EnvironmentView): void {
    batch(() => {
      state.view.value = view;
      state.acting.value = actingAfter(state.acting.value, view, Date.now());
      state.receivedAt.value = Date.now();
      state.history.value = joinHistory(state.history.value, view);
      state.environments.value =
        state.environments.value?.map((each) => (each.name === view.name ? view : each)) ?? null;
    });
  }

  async function loadHistory(name: string, signal: AbortSignal): Promise<void> {
    try {
      const history = await client().history(name);
      const { value: view } = state.view;
      if (signal.aborted) return;
      state.history.value = view === null ? history : joinHistory(history, view);
    } catch {
      // The chart begins with what comes now.
    }
  }

  /** The list comes by asking: a stream for each environment would use up the browser's connections. */
  async function keepListing(signal: AbortSignal): Promise<void> {
    const isAlone = state.chosen.value === null;
    while (!signal.aborted) {
      try {
        const { environments } = await client().environments();
        if (signal.aborted) return;
        state.environments.value = environments;
        const [only] = environments;
        if (isAlone && environments.length === 1 && only !== undefined) {
          location.replace(`#/${encodeURIComponent(only.name)}`);
          return;
        }
        if (isAlone) {
          batch(() => {
            state.link.value = { kind: "live" };
            state.receivedAt.value = Date.now();
          });
        }
      } catch (error) {
        if (signal.aborted) return;
        const isDenied = error instanceof ClientError && error.status === 401;
        const why =
          error instanceof ClientError ? error.message : "The controller does not answer.";
        if (isDenied) {
          state.link.value = { kind: "denied", why };
          return;
        }
        if (isAlone) {
          state.link.value = {
            kind: "lost",
            since: state.receivedAt.value ?? Date.now(),
            why: `${why}.`,
          };
        }
      }
      await pause(LIST_MS, signal);
    }
  }

  function navigate(): void {
    const { environment, entry } = readAddress(location.hash);
    if (environment === null || environment !== state.chosen.value) again();
    else state.entry.value = entry;
  }

  return { again, navigate, client: () => client() };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function ignore(): void {}
