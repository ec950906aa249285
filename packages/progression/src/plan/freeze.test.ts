import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FreezeWindow } from "./freeze.ts";
import { freezeEndsAt, isFrozen, parseFreeze } from "./freeze.ts";

function freezes(...texts: string[]): FreezeWindow[] {
  return texts.map((text) => parseFreeze(text)).filter((freeze) => freeze !== null);
}

interface Row {
  readonly name: string;
  readonly freeze: readonly FreezeWindow[];
  readonly at: string;
  readonly ends: string | null;
}

const WEEKEND = "Fri 16:00 - Mon 08:00 Europe/Berlin";

describe("the end of a freeze", () => {
  test.each<Row>([
    {
      name: "over a weekend",
      freeze: freezes(WEEKEND),
      at: "2026-11-28T12:00:30Z",
      ends: "2026-11-30T07:00:00Z",
    },
    {
      name: "while clocks go back",
      freeze: freezes(WEEKEND),
      at: "2026-10-24T12:00:00Z",
      ends: "2026-10-26T07:00:00Z",
    },
    {
      name: "while clocks go forward",
      freeze: freezes(WEEKEND),
      at: "2026-03-28T12:00:00Z",
      ends: "2026-03-30T06:00:00Z",
    },
    {
      name: "where another one follows",
      freeze: freezes("Mon 08:00 - Mon 12:00", "Mon 11:00 - Tue 08:00"),
      at: "2026-11-30T09:00:00Z",
      ends: "2026-12-01T08:00:00Z",
    },
    { name: "that is not on", freeze: freezes(WEEKEND), at: "2026-11-26T12:00:00Z", ends: null },
  ])("$name", ({ freeze, at, ends }) => {
    const found = freezeEndsAt(freeze, Date.parse(at));
    expect(found === null ? null : new Date(found).toISOString()).toBe(
      ends === null ? null : new Date(ends).toISOString(),
    );
  });

  test("is the first minute that is not frozen, for any freezes", () => {
    const minute = fc.integer({ min: 0, max: 7 * 1440 - 1 });
    const zone = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe");
    const any = fc.array(fc.record({ from: minute, to: minute, zone }), { maxLength: 3 });
    const when = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) });
    fc.assert(
      fc.property(any, when, (freeze, at) => {
        const ends = freezeEndsAt(freeze, at);
        if (ends === null) return;
        expect(isFrozen(freeze, ends)).toBe(false);
        expect(isFrozen(freeze, ends - 60_000)).toBe(true);
        expect(ends).toBeGreaterThan(at);
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});
