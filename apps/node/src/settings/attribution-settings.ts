import { ATTRIBUTIONS, parseSampleRate, parseService, SHARED_CACHES } from "@edgezero/gateway";
import { z } from "zod";

/** Settings whose values are never shown. */
export const SECRET_SETTINGS: ReadonlySet<string> = new Set(["FORCE_SECRET"]);

/** A setting that is one of a few words, the first unless given. */
function oneOf<const Value extends string>(
  values: readonly [Value, ...Value[]],
): z.ZodType<Value, string | undefined> {
  return z.enum(values, `one of ${values.join(", ")}`).default(values[0]);
}

const service = z
  .string()
  .refine((text) => parseService(text) !== undefined, "1 to 64 letters, digits, dots, dashes or _")
  .default(parseService("") as string);

const sampleRate = z
  .string()
  .transform(parseSampleRate)
  .refine((rate) => rate !== undefined, "a number from 0 to 1")
  .optional();

const portOrOff = z
  .string()
  .refine(
    (text) => text === "off" || (/^\d{1,5}$/.test(text) && Number(text) <= 65_535),
    "off, or a whole number from 0 to 65535",
  )
  .transform((text) => (text === "off" ? null : Number(text)))
  .default(9464);

/** Which path served: what responses, metrics and events say of it, and what testers may choose. */
export const attributionSettings = {
  SERVICE_NAME: service,
  ATTRIBUTION: oneOf(ATTRIBUTIONS),
  SHARED_CACHES: oneOf(SHARED_CACHES),
  METRICS_PORT: portOrOff,
  METRICS_HOST: z.string().default("127.0.0.1"),
  EVENT_SAMPLE_RATE: sampleRate,
  FORCE_SECRET: z.string().min(32, "at least 32 characters").optional(),
  FORCE_WHEN_DISABLED: oneOf(["false", "true"]),
};
