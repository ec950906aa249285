import { durationMs } from "./duration.ts";
import type { FreezeWindow } from "./freeze.ts";
import { parseFreeze } from "./freeze.ts";
import type { Read } from "./place.ts";
import { checked, report, shown } from "./place.ts";

/** The values that fields of a plan have, and the rule of each. */

const DURATION_RULE = "a duration such as 90s, 30m, 2h or 1d";

export const duration: Read<number> = (value, place) => {
  const ms = typeof value === "string" ? durationMs(value) : null;
  return ms ?? report(place, "wrong-value", `${shown(value)} is not allowed`, DURATION_RULE);
};

export const positiveDuration: Read<number> = (value, place) => {
  const ms = duration(value, place);
  return ms === 0
    ? report(place, "wrong-value", `${shown(value)} is not allowed`, "more than 0")
    : ms;
};

export const flag: Read<boolean> = checked(
  (value): value is boolean => typeof value === "boolean",
  "true or false",
);

export const percentage: Read<number> = checked(
  (value): value is number => Number.isInteger(value) && isWithin(value, 1, 100),
  "a whole number from 1 to 100",
);

export const count: Read<number> = checked(
  (value): value is number => Number.isInteger(value) && isWithin(value, 0, 1e15),
  "a whole number of at least 0",
);

export const weight: Read<number> = checked(
  (value): value is number => isWithin(value, 0.001, 1000),
  "a number from 0.001 to 1000",
);

export const fraction: Read<number> = checked(
  (value): value is number => isWithin(value, 1e-9, 0.999_999),
  "a number between 0 and 1",
);

const NAME = /^[A-Za-z][\w.:-]{0,199}$/;

export const name: Read<string> = checked(
  (value): value is string => typeof value === "string" && NAME.test(value),
  "a name of letters, digits and _ . : - that begins with a letter",
);

export function oneOf<Value extends string>(...values: readonly Value[]): Read<Value> {
  return checked(
    (value): value is Value => values.some((allowed) => allowed === value),
    values.join(" or "),
  );
}

export function listOf<Value>(read: Read<Value>, least: number, most: number): Read<Value[]> {
  const isList = (value: unknown): value is unknown[] =>
    Array.isArray(value) && value.length >= least && value.length <= most;
  return (value, place) => {
    const rule = `a list of ${least} to ${most}`;
    if (!isList(value)) return report(place, "wrong-value", `${shown(value)} is not allowed`, rule);
    const { pointer, findings } = place;
    return value
      .map((one, i) => read(one, { pointer: `${pointer}/${i}`, findings }))
      .filter((one) => one !== null);
  };
}

export const freeze: Read<FreezeWindow> = (value, place) => {
  const allowed = "days and times such as Fri 16:00 - Mon 08:00 Europe/Berlin";
  const read = typeof value === "string" ? parseFreeze(value) : null;
  if (read === null) return report(place, "wrong-value", `${shown(value)} is not allowed`, allowed);
  return read.from === read.to
    ? report(place, "endless-freeze", "the freeze never ends", "an end that is not its beginning")
    : read;
};

export function isFraction(value: unknown): value is number {
  return typeof value === "number" && value > 0 && value < 1;
}

export function isWithin(value: unknown, low: number, high: number): value is number {
  return typeof value === "number" && value >= low && value <= high;
}
