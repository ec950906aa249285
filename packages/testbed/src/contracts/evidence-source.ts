import type { EvidenceReading, EvidenceSource, MissingReason } from "@edgezero/evidence/source";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Breakage } from "../breakable-server.ts";

type Window = Extract<EvidenceReading, { readonly kind: "windows" }>["windows"][number];

/** What a gateway has counted of a path in all, since its process began. */
export interface PathTotals {
  readonly ok: number;
  readonly error: number;
  readonly timeout: number;
}

/** What a gateway has counted in all. */
export interface GatewayTotals {
  readonly epoch: string;
  readonly legacy: PathTotals;
  readonly edgezero: PathTotals;
}

/** A source under test, of gateways that a test makes up. */
export interface EvidenceFixture {
  readonly source: EvidenceSource;
  /** Lets the source see what each gateway has counted at this time. Gateways that are not named are gone. */
  publish(at: number, gateways: Readonly<Record<string, GatewayTotals>>): Promise<void>;
  /** Shifts the clocks of the servers or gateways that the source hears. */
  shiftClock(ms: number): void;
  close(): Promise<void>;
}

/** A fixture whose source asks a server. */
export interface AskingFixture extends EvidenceFixture {
  breakDown(how: Breakage | null): void;
}

/** The settings that a fixture opens its source with. */
export const EVIDENCE_OPTIONS = {
  windowMs: 1000,
  signals: [
    { name: "errors", of: "failures" },
    { name: "late", of: "timeouts" },
  ],
  bounds: [100, 1000],
} as const;

const { windowMs: WINDOW_MS } = EVIDENCE_OPTIONS;
/** Of the moment after a window's beginning at which all is seen and asked. */
const MOMENT_MS = 100;
const NOTHING: PathTotals = { ok: 0, error: 0, timeout: 0 };

/** Totals that rise at one rate: ten requests of legacy a window, two of them failing, and half as many of EdgeZero. */
function totals(windows: number, epoch = "1a"): GatewayTotals {
  const legacy = { ok: 8 * windows, error: windows, timeout: windows };
  const edgezero = { ok: 3 * windows, error: windows, timeout: windows };
  return { epoch, legacy, edgezero };
}

/** What windows counted in all. */
function counted(windows: readonly Window[]): Readonly<Record<string, readonly number[]>> {
  const sum = (path: "canary" | "control"): number[] => {
    const parts = windows.map((window) => {
      const { errors, late } = window[path].signals;
      const hits = [errors, late].map((one) => (one !== undefined && "hits" in one ? one.hits : 0));
      return [window[path].requests, ...hits];
    });
    return [0, 1, 2].map((i) => parts.reduce((all, part) => all + (part[i] ?? 0), 0));
  };
  return { legacy: sum("control"), edgezero: sum("canary") };
}

/** What {@link totals} come to after so many windows of so many gateways. */
function expected(windows: number, gateways = 1): ReturnType<typeof counted> {
  const times = windows * gateways;
  return { legacy: [10 * times, 2 * times, times], edgezero: [5 * times, 2 * times, times] };
}

/** Publishes and asks once a window, as the loop does. */
class Course {
  readonly #fixture: EvidenceFixture;
  readonly #start = Math.ceil(Date.now() / WINDOW_MS) * WINDOW_MS - 120 * WINDOW_MS + MOMENT_MS;
  readonly readings: EvidenceReading[] = [];
  readonly windows: Window[] = [];
  #since: number | null = null;
  #steps = 0;

  constructor(fixture: EvidenceFixture) {
    this.#fixture = fixture;
  }

  get now(): number {
    return this.#start + this.#steps * WINDOW_MS;
  }

  async step(gateways: Readonly<Record<string, GatewayTotals>>): Promise<EvidenceReading> {
    await this.#fixture.publish(this.now, gateways);
    const reading = await this.ask();
    this.#steps += 1;
    this.readings.push(reading);
    if (reading.kind === "windows") {
      this.windows.push(...reading.windows);
      this.#since = reading.windows.at(-1)?.to ?? this.#since;
    }
    return reading;
  }

  async ask(): Promise<EvidenceReading> {
    const signal = new AbortController().signal;
    return this.#fixture.source.read({ now: this.now, since: this.#since, signal });
  }
}

function expectInOrder(windows: readonly Window[]): void {
  for (const [i, { from, to }] of windows.entries()) {
    expect([to - from, from % WINDOW_MS]).toEqual([WINDOW_MS, 0]);
    expect(from).toBeGreaterThanOrEqual(windows[i - 1]?.to ?? 0);
  }
}

function expectAtMost(windows: readonly Window[], most: ReturnType<typeof counted>): void {
  for (const [path, counts] of Object.entries(counted(windows))) {
    for (const [i, count] of counts.entries()) {
      expect(count).toBeGreaterThanOrEqual(0);
      expect(count).toBeLessThanOrEqual(most[path]?.[i] ?? 0);
    }
  }
}

/**
 * The contract of every `EvidenceSource`:
 *
 * ```ts
 * describe("scrape", () => {
 *   describeEvidenceSource(async () => openFixture());
 * });
 * ```
 *
 * The fixture opens its source with {@link EVIDENCE_OPTIONS}.
 */
export function describeEvidenceSource(open: () => Promise<EvidenceFixture>): void {
  describe("evidence source contract", () => {
    let fixture: EvidenceFixture;
    let course: Course;
    beforeEach(async () => {
      fixture = await open();
      course = new Course(fixture);
    });
    afterEach(async () => fixture.close());

    test("counts each request once, in windows of one length, in order", async () => {
      for (let i = 0; i <= 6; i += 1) await course.step({ a: totals(i) });
      expect(counted(course.windows)).toEqual(expected(6));
      expect(course.windows).toHaveLength(6);
      expectInOrder(course.windows);
      expect(course.windows.map(({ decisions }) => decisions)).toEqual(
        Array.from({ length: 6 }, () => ({ "1a": 15 })),
      );
    });

    test("gives no window that is not over", async () => {
      for (let i = 0; i <= 3; i += 1) await course.step({ a: totals(i) });
      expect(course.windows.at(-1)?.to).toBeLessThanOrEqual(course.now);
    });

    test("invents no request where there were none", async () => {
      const nothing = { epoch: "1a", legacy: NOTHING, edgezero: NOTHING };
      for (let i = 0; i <= 4; i += 1) await course.step({ a: nothing });
      expect(counted(course.windows)).toEqual(expected(0));
    });

    test("a window that is given again is the same", async () => {
      for (let i = 0; i <= 3; i += 1) await course.step({ a: totals(i) });
      const signal = new AbortController().signal;
      const now = course.now - WINDOW_MS;
      const again = await fixture.source.read({ now, since: null, signal });
      const windows = again.kind === "windows" ? again.windows : [];
      const known = windows.filter(({ from }) => course.windows.some((one) => one.from === from));
      expect(known).toEqual(course.windows);
    });

    test("a restart takes nothing from another window, and adds nothing", async () => {
      for (const i of [0, 1, 2, 0.5, 1, 2, 3]) await course.step({ a: totals(2 * i) });
      // Four windows before and after it are whole, and half a window's counts came before it.
      expectAtMost(course.windows, expected(10));
      expect(counted(course.windows)["legacy"]?.[0]).toBeGreaterThanOrEqual(80);
      expectInOrder(course.windows);
    });

    test("gateways come and go: 4, 8, 4", async () => {
      const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
      for (let i = 0; i <= 12; i += 1) {
        const there = i < 4 || i > 8 ? names.slice(0, 4) : names;
        await course.step(
          Object.fromEntries(
            there.map((name, index) => [name, totals(index < 4 ? i : Math.max(0, i - 4))]),
          ),
        );
      }
      for (let i = 13; i <= 15; i += 1) {
        await course.step(Object.fromEntries(names.slice(0, 4).map((name) => [name, totals(i)])));
      }
      // Four at all times, and four more for four windows.
      const served = expected(15 * 4 + 4 * 4);
      expectAtMost(course.windows, served);
      expect(counted(course.windows)).toEqual(served);
      expectInOrder(course.windows);
    });

    test("a count that is not a number is no count", async () => {
      const broken = { epoch: "1a", legacy: { ...NOTHING, error: NaN }, edgezero: NOTHING };
      await course.step({ a: totals(0) });
      await course.step({ a: broken });
      for (let i = 2; i <= 5; i += 1) await course.step({ a: totals(i) });
      expectAtMost(course.windows, expected(5));
      expect(course.readings).toHaveLength(6);
    });

    test.each([-300_000, 300_000])("clocks that are %d ms off invent nothing", async (ms) => {
      fixture.shiftClock(ms);
      for (let i = 0; i <= 4; i += 1) await course.step({ a: totals(i) });
      expectAtMost(course.windows, expected(4));
      expect(course.readings).toHaveLength(5);
      expectInOrder(course.windows);
    });

    test("says where it reads", () => {
      expect(fixture.source.location).not.toBe("");
    });
  });
}

const BROKEN: Readonly<Record<Breakage, readonly MissingReason[]>> = {
  empty: ["no-data", "not-understood"],
  "too-many": ["rate-limited"],
  unavailable: ["refused"],
  hanging: ["timed-out"],
  truncated: ["unreachable"],
  huge: ["too-large"],
  "other-type": ["not-understood"],
  garbage: ["not-understood"],
  expired: ["refused"],
  redirected: ["refused"],
  dropped: ["unreachable"],
};

/** The contract of sources that ask a server, beside that of every source. */
export function describeAskingSource(open: () => Promise<AskingFixture>): void {
  describe("asking source contract", () => {
    let fixture: AskingFixture;
    let course: Course;
    beforeEach(async () => {
      fixture = await open();
      course = new Course(fixture);
    });
    afterEach(async () => fixture.close());

    const breakages = Object.entries(BROKEN) as [Breakage, readonly MissingReason[]][];
    test.each(breakages)(
      "an answer that is %s is missing, and loses nothing",
      async (how, reasons) => {
        for (let i = 0; i <= 2; i += 1) await course.step({ a: totals(i) });
        fixture.breakDown(how);
        const reading = await course.step({ a: totals(3) });
        expect(reading).toMatchObject({ kind: "missing" });
        expect(reading.kind === "missing" && reasons.includes(reading.reason)).toBe(true);
        fixture.breakDown(null);
        for (let i = 4; i <= 7; i += 1) await course.step({ a: totals(i) });
        expect(counted(course.windows)).toEqual(expected(7));
        expectInOrder(course.windows);
      },
    );

    test("a server that limits questions says for how long", async () => {
      fixture.breakDown("too-many");
      expect(await course.step({ a: totals(0) })).toMatchObject({ retryAfterMs: 7000 });
    });

    test("a question that is ended early is missing", async () => {
      fixture.breakDown("hanging");
      const reading = await fixture.source.read({
        now: Date.now(),
        since: null,
        signal: AbortSignal.abort(),
      });
      expect(reading).toMatchObject({ kind: "missing", reason: "timed-out" });
    });
  });
}
