import type { CommandAnswer, CommandRequest } from "@edgezero/control-api/command";
import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { History } from "@edgezero/control-api/history";
import { NO_HISTORY } from "@edgezero/control-api/history";
import type { IngestAnswer } from "@edgezero/control-api/ingest";
import type { Notifications } from "@edgezero/control-api/notifications";
import { NO_NOTIFICATIONS } from "@edgezero/control-api/notifications";
import type { Environments } from "../../src/api/environments.ts";
import type { HistoryWish } from "../../src/history/history.ts";
import type { TimeRange } from "../../src/history/read-recording.ts";

export const VIEW: EnvironmentView = {
  name: "production",
  store: "file:./rollout.json",
  at: 1000,
  state: "observing",
  reason: "hold",
  held: [],
  stage: 1,
  pct: 10,
  epoch: "abc",
  observedShare: 0.1,
  legacyBy: null,
  sentence: "Stage 1 of 2, at 10%: observing.",
  waitsFor: "the rest of the stage's time",
  leftMs: 60_000,
  reasons: [],
  next: 50,
  signals: [],
  rail: [],
  rollback: null,
  pages: [],
  sources: [],
  timeline: [],
};

/** One environment, `production`, that a test moves. */
export class FakeEnvironments implements Environments {
  isUp = true;
  readonly commands: CommandRequest[] = [];
  readonly ingested: { readonly text: string; readonly contentType: string }[] = [];
  answer: Partial<CommandAnswer> = {};
  ingestAnswer: IngestAnswer = {
    kind: "taken",
    events: 1,
    repeated: 0,
    late: 0,
    early: 0,
    unreadable: 0,
  };
  /** Throws instead of answering. */
  fault: Error | null = null;
  /** Never answers a command. */
  isHung = false;
  readonly wishes: (HistoryWish | null)[] = [];
  readonly afters: (number | null)[] = [];
  readonly #kept: { readonly id: number; readonly view: EnvironmentView }[] = [
    { id: 1, view: VIEW },
  ];
  readonly #listeners = new Set<(id: number, view: EnvironmentView) => void>();

  get listeners(): number {
    return this.#listeners.size;
  }

  names(): readonly string[] {
    return ["production"];
  }

  view(name: string): EnvironmentView | null {
    if (this.fault !== null) throw this.fault;
    return name === "production" ? (this.#kept.at(-1)?.view ?? VIEW) : null;
  }

  async history(_: string, wish: HistoryWish | null): Promise<History> {
    this.wishes.push(wish);
    return NO_HISTORY;
  }

  async *recording(_: string, { from, to }: TimeRange): AsyncGenerator<string> {
    yield JSON.stringify({ from, to });
    for (let line = 0; line < 3; line += 1) yield `line ${line}`;
  }

  notifications(): Notifications {
    return NO_NOTIFICATIONS;
  }

  show(more: Partial<EnvironmentView>): void {
    const id = this.#kept.length + 1;
    const view = { ...VIEW, ...more };
    this.#kept.push({ id, view });
    for (const onView of this.#listeners) onView(id, view);
  }

  subscribe(
    _: string,
    after: number | null,
    onView: (id: number, view: EnvironmentView) => void,
  ): () => void {
    this.afters.push(after);
    const isKnown = after !== null && after <= this.#kept.length;
    const first = isKnown ? this.#kept.filter(({ id }) => id > after) : this.#kept.slice(-1);
    for (const { id, view } of first) onView(id, view);
    this.#listeners.add(onView);
    return () => void this.#listeners.delete(onView);
  }

  async command(_: string, request: CommandRequest): Promise<CommandAnswer> {
    if (this.isHung) return new Promise(() => {});
    this.commands.push(request);
    const { id, command } = request;
    const taken = { id, command, accepted: true, sentence: "Started.", at: 5, repeated: false };
    return { ...taken, ...this.answer };
  }

  async ingest(_: string, body: Uint8Array, contentType: string): Promise<IngestAnswer> {
    this.ingested.push({ text: Buffer.from(body).toString(), contentType });
    return this.ingestAnswer;
  }

  isReady(): boolean {
    return this.isUp;
  }
}
