import * as z from "zod/mini";
import type { Rule } from "./setting.ts";

/** The longest delay of a timer, in milliseconds. */
export const LONGEST_TIMER_MS: number = 2 ** 31 - 1;

/** Any text. */
export const anyText: Rule<string> = { rule: z.string(), allowed: "a text" };

/** A text that passes a test. */
export function textThat(test: (text: string) => boolean, allowed: string): Rule<string> {
  return { rule: z.string().check(z.refine(test)), allowed };
}

/** A text that passes a test, and the value that it stands for. */
export function valueThat<Value>(
  test: (text: string) => boolean,
  toValue: (text: string) => Value,
  allowed: string,
): Rule<Value> {
  return { rule: z.pipe(textThat(test, allowed).rule, z.transform(toValue)), allowed };
}

/** A text that `read` turns into a value; `null`, from it, where the text is not allowed. */
export function valueFrom<Value>(
  read: (text: string) => Value | null,
  allowed: string,
): Rule<Value> {
  const rule = z.pipe(
    z.string(),
    z.transform((text, context): Value => {
      const value = read(text);
      if (value !== null) return value;
      context.issues.push({ code: "custom", input: text });
      return z.NEVER;
    }),
  );
  return { rule, allowed };
}

/** A whole number in ASCII digits, `least` to `most`; zeros may stand before it. */
export function wholeNumber(least: number, most: number): Rule<number> {
  return valueThat(
    (text) => isWholeNumber(text, least, most),
    Number,
    `a whole number from ${least} to ${most}`,
  );
}

/** `off`, whose value is `null`, or a whole number. */
export function wholeNumberOrOff(least: number, most: number): Rule<number | null> {
  return valueThat(
    (text) => text === "off" || isWholeNumber(text, least, most),
    (text) => (text === "off" ? null : Number(text)),
    `off, or a whole number from ${least} to ${most}`,
  );
}

/** One of a few words, exactly as they are written. */
export function oneOf<const Word extends string>(words: readonly Word[]): Rule<Word> {
  return { rule: z.enum(words), allowed: `one of ${words.join(", ")}` };
}

/** `true` or `false`. */
export const flag: Rule<boolean> = {
  rule: z.pipe(
    z.enum(["false", "true"]),
    z.transform((text) => text === "true"),
  ),
  allowed: "one of false, true",
};

function isWholeNumber(text: string, least: number, most: number): boolean {
  return /^\d{1,10}$/.test(text) && Number(text) >= least && Number(text) <= most;
}
