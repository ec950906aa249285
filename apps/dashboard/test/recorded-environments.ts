import type { CommandAnswer, CommandRequest } from "@edgezero/control-api/command";
import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { History } from "@edgezero/control-api/history";
import { NO_HISTORY } from "@edgezero/control-api/history";
import type { IngestAnswer } from "@edgezero/control-api/ingest";
import type { Notifications } from "@edgezero/control-api/notifications";
import { NO_NOTIFICATIONS } from "@edgezero/control-api/notifications";
import type { Environments } from "@edgezero/controller/api/environments";
import type { Recorded } from "./recorder.ts";

type OnView = (id: number, view: EnvironmentView) => void;

/** Environments that show what was recorded, and keep what is asked of them. */
export class RecordedEnvironments implements Environments {
  readonly commands: CommandRequest[] = [];
  answer: Pick<CommandAnswer, "accepted" | "sentence"> = { accepted: true, sentence: "Taken." };
  readonly #shown = new Map<string, Recorded>();
  readonly #listeners = new Map<string, Set<OnView>>();
  #id = 1;

  show(recorded: Recorded): void {
    const { name } = recorded.view;
    this.#shown.set(name, recorded);
    this.#id += 1;
    for (const onView of this.#listeners.get(name) ?? []) onView(this.#id, recorded.view);
  }

  names(): readonly string[] {
    return [...this.#shown.keys()];
  }

  view(name: string): EnvironmentView | null {
    return this.#shown.get(name)?.view ?? null;
  }

  recording(): null {
    return null;
  }

  notifications(): Notifications {
    return NO_NOTIFICATIONS;
  }

  history(name: string): History {
    return this.#shown.get(name)?.history ?? NO_HISTORY;
  }

  subscribe(name: string, _: number | null, onView: OnView): () => void {
    const view = this.view(name);
    if (view !== null) onView(this.#id, view);
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(onView));
    return () => void listeners.delete(onView);
  }

  async command(_: string, request: CommandRequest): Promise<CommandAnswer> {
    this.commands.push(request);
    const { id, command } = request;
    return { id, command, at: 0, repeated: false, ...this.answer };
  }

  async ingest(): Promise<IngestAnswer> {
    return { kind: "refused", reason: "no-source", sentence: "No events are taken here." };
  }

  isReady(): boolean {
    return true;
  }
}
