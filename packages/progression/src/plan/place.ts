import type { PlanCode, PlanFinding } from "./finding.ts";
import { finding } from "./finding.ts";
import { nearest } from "./nearest.ts";

/** A place in data that is being read, and where its findings go. */
export interface Place {
  /** A JSON pointer. */
  readonly pointer: string;
  readonly findings: PlanFinding[];
}

/** Reads a value, or reports what is wrong with it and returns `null`. */
export type Read<Value> = (value: unknown, place: Place) => Value | null;

export type Readers<Shape> = { readonly [Key in keyof Shape]: Read<Shape[Key]> };

export function under({ pointer, findings }: Place, key: number | string): Place {
  const escaped = String(key).replaceAll("~", "~0").replaceAll("/", "~1");
  return { pointer: `${pointer}/${escaped}`, findings };
}

export function report(
  { pointer, findings }: Place,
  code: PlanCode,
  message: string,
  allowed: string,
): null {
  findings.push(finding(code, pointer, message, allowed));
  return null;
}

/** A value that a test accepts. */
export function checked<Value>(
  isValid: (value: unknown) => value is Value,
  allowed: string,
): Read<Value> {
  return (value, place) =>
    isValid(value)
      ? value
      : report(place, "wrong-value", `${shown(value)} is not allowed`, allowed);
}

/**
 * The fields of an object that are there and valid. Reports each field that is unknown, with the nearest
 * one that is known, and each of `needed` that is missing.
 */
export function fieldsOf<Shape extends object>(
  readers: Readers<Shape>,
  needed: readonly (keyof Shape & string)[] = [],
): Read<Partial<Shape>> {
  return (value, place) => {
    const known = Object.keys(readers);
    if (!isObject(value)) {
      const allowed = `an object with ${known.join(", ")}`;
      return report(place, "wrong-value", `${shown(value)} is not allowed`, allowed);
    }
    const read: Partial<Shape> = {};
    for (const [key, given] of Object.entries(value)) {
      if (Object.hasOwn(readers, key)) {
        const name = key as keyof Shape;
        const found = readers[name](given, under(place, key));
        if (found !== null) read[name] = found;
      } else {
        report(
          under(place, key),
          "unknown-key",
          `no such field${hint(key, known)}`,
          known.join(", "),
        );
      }
    }
    for (const key of needed) {
      if (Object.hasOwn(value, key)) continue;
      const allowed = ruleOf(readers[key]);
      report(under(place, key), "missing", `${key} is missing`, allowed ?? key);
    }
    return read;
  };
}

/** What a reader allows, by what it says of nothing at all. */
function ruleOf<Value>(read: Read<Value>): string | undefined {
  const nothing: Place = { pointer: "", findings: [] };
  read(undefined, nothing);
  return nothing.findings[0]?.allowed;
}

function hint(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  return near === null ? "" : `; did you mean ${near}?`;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as a message shows it: short, whatever it is. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === null) return "null";
  return Array.isArray(value) ? `a list of ${value.length}` : `a value of type ${typeof value}`;
}
