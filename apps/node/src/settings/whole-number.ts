import { z } from "zod";

/** A setting that is a whole number, `least` to `most`. */
export function wholeNumber(least: number, most: number, fallback: number): z.ZodType<number> {
  const message = `a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,10}$/, message)
    .transform(Number)
    .refine((number) => number >= least && number <= most, message)
    .default(fallback);
}
