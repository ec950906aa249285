import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { counts, ERRORS, P95, RATES, TIMEOUTS, windowOf } from "../../test/arbitraries.ts";
import { GUARDED, steps, tableFor } from "../../test/steps.ts";
import type { Evidence, SignalWindow } from "../index.ts";
import { addWindow, startEvidence } from "../index.ts";
import { bet } from "./bet.ts";
import type { Table } from "./table.ts";

const tables = fc
  .tuple(counts(), counts())
  .filter(([canary, control]) => canary.trials > 0 && control.trials > 0)
  .map(([c, k]) => tableFor(c.trials, k.trials, c.hits, k.hits));

function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
}

describe.each(GUARDED)("$name", ({ signal, direction }) => {
  test("twice the counts give twice the step", () => {
    fc.assert(
      fc.property(tables, (table) => {
        const { canaryTrials: nc, canaryHits: x, control } = table;
        const [nk, y] = [control?.trials ?? 0, control?.hits ?? 0];
        const once = steps(signal, direction, table);
        const twice = steps(signal, direction, tableFor(2 * nc, 2 * nk, 2 * x, 2 * y));
        for (const name of ["worse", "beyond", "within"] as const) {
          expect(once[name].every((log, i) => close(2 * log, twice[name][i] ?? Number.NaN))).toBe(
            true,
          );
        }
      }),
      { numRuns: 100 },
    );
  });
});

test.each([...RATES, P95])(
  "$id: the order of two windows does not matter to the interval",
  (signal) => {
    fc.assert(
      fc.property(tables, tables, (one, other) => {
        const start = startEvidence(signal);
        const both = (first: Table, second: Table): Evidence["interval"] =>
          bet(signal, { ...start, ...bet(signal, start, first, 0.1, 1) }, second, 0.1, 1).interval;
        const [there, back] = [both(one, other), both(other, one)];
        for (const direction of ["up", "down"] as const) {
          for (const name of ["payoff", "cost"] as const) {
            const values = there[direction][name];
            expect(values.every((v, i) => close(v, back[direction][name][i] ?? Number.NaN))).toBe(
              true,
            );
          }
        }
      }),
      { numRuns: 100 },
    );
  },
);

test.each([ERRORS, TIMEOUTS, { ...ERRORS, margin: { rel: 0.05 } }])(
  "$margin: more hits of EdgeZero never lower the evidence, more of legacy never raise it",
  (signal) => {
    const before = fc.array(windowOf(signal), { maxLength: 3 });
    const path = counts().filter(({ trials, hits }) => trials > hits);
    fc.assert(
      fc.property(before, path, path, (windows, canary, control) => {
        const start = windows.reduce((e, w) => addWindow(signal, e, w), startEvidence(signal));
        const after = (window: Omit<SignalWindow, "stage">): Evidence =>
          addWindow(signal, start, { stage: "1", ...window });
        const more = ({ trials, hits }: typeof canary): typeof canary => ({
          trials,
          hits: hits + 1,
        });
        const usual = after({ canary, control });
        const worse = after({ canary: more(canary), control });
        const better = after({ canary, control: more(control) });
        for (const name of ["worse", "beyond"] as const) {
          const logs = usual[name].up ?? [];
          expect(logs.every((log, i) => (worse[name].up?.[i] ?? -Infinity) >= log - 1e-9)).toBe(
            true,
          );
          expect(logs.every((log, i) => (better[name].up?.[i] ?? Infinity) <= log + 1e-9)).toBe(
            true,
          );
        }
      }),
      { numRuns: 100 },
    );
  },
);
