import { expect, test } from "vitest";
import { changed, path, PLAN, Rollout, SITE, START } from "../../test/site.ts";
import type { Load } from "../../test/site.ts";
import { windowUnder } from "../rehearsal/window.ts";
import { blockersOf } from "./blockers.ts";

/** The delays that sources have unless a config says otherwise; the package `evidence` has them. */
const DELAYS_MS = { scrape: 0, prometheus: 0, events: 10_000, "analytics-engine": 60_000 } as const;

/** A rollout whose windows all come late by as much. */
class LateRollout extends Rollout {
  readonly #source: string;
  readonly #delayMs: number;
  readonly #windowMs: number;
  readonly #epochs: { at: number; epoch: string; pct: number }[] = [];

  constructor(source: string, delayMs: number, windowMs: number, probes = true) {
    const plan = { ...changed(PLAN, { minRequests: 100 }), windowMs, drainMs: windowMs };
    super(plan, { ...SITE, source, delayMs: { [source]: delayMs }, probes });
    this.#source = source;
    this.#delayMs = delayMs;
    this.#windowMs = windowMs;
    this.probes = probes;
    // A tick comes a little after the end of a window.
    this.at += 200;
  }

  /** What gateways served in a window that came to its end by `to`. */
  #servedAt(to: number): { epoch: string; pct: number } {
    const known = this.#epochs.findLast(({ at }) => at <= to - this.#windowMs);
    return known ?? { epoch: "epoch-0", pct: 0 };
  }

  override pass(canary: Load = {}): void {
    this.at += this.#windowMs;
    const { at } = this;
    this.readStore();
    if (this.#epochs.at(-1)?.epoch !== this.epoch) {
      this.#epochs.push({ at: at - this.#windowMs, epoch: this.epoch, pct: this.pct });
    }
    if (this.probes) {
      this.send({ type: "probes", at, epoch: this.epoch, instances: 2, carrying: 2 });
    }
    this.send({ type: "tick", at });
    const to = START + Math.floor((at - START - this.#delayMs) / this.#windowMs) * this.#windowMs;
    const { epoch, pct } = this.#servedAt(to);
    const own = path({ requests: 20 * pct, ...canary });
    const span = { from: to - this.#windowMs, to };
    const window = windowUnder(epoch, span, own, path({ requests: 20 * (100 - pct) }), null);
    this.send({ type: "evidence", at, source: this.#source, newest: to, windows: [window] });
  }
}

const CASES = Object.entries(DELAYS_MS).flatMap(([source, delayMs]) =>
  [15_000, 2000, 1000].map((windowMs) => ({ source, delayMs, windowMs })),
);

test.each(CASES)(
  "$source at windows of $windowMs ms goes from warming up to its end",
  ({ source, delayMs, windowMs }) => {
    const rollout = new LateRollout(source, delayMs, windowMs).begin();
    expect(rollout.at - START).toBeLessThanOrEqual(delayMs + 30 * windowMs);
    rollout.until("completed", 3000);
    expect(rollout.pages()).toEqual([]);
  },
);

test.each(CASES)(
  "$source at windows of $windowMs ms shows a raise and a rollback without probes",
  ({ source, delayMs, windowMs }) => {
    const rollout = new LateRollout(source, delayMs, windowMs, false).begin();
    rollout.command("rollback");
    rollout.until("rolled-back");
    rollout.passes(200);
    expect([rollout.name, ...rollout.pages()]).toEqual(["rolled-back"]);
  },
);

test("a source that is silent for longer than four windows and its delay keeps the first stage away", () => {
  const windowMs = 15_000;
  const rollout = new LateRollout("events", 10_000, windowMs);
  rollout.readStore();
  rollout.command("start");
  rollout.passes(19);
  expect(blockersOf(rollout.state)).toMatchObject([{ kind: "warming-up" }]);
  const { to } = rollout.state.sources["events"] ?? { to: 0 };
  const missing = { kind: "missing", signals: [""] };
  rollout.at = to + 4 * windowMs + 10_000;
  rollout.tick();
  expect(blockersOf(rollout.state)).not.toContainEqual(missing);
  rollout.tick(1);
  expect(blockersOf(rollout.state)).toContainEqual(missing);
});
