import type { SharedCaches } from "@edgezero/rollout/attribution";

/** The values of `ATTRIBUTION`; the first is the default. */
export const ATTRIBUTIONS = ["path", "detail"] as const;
/** The values of `SHARED_CACHES`; the first is the default. */
export const SHARED_CACHES = ["unchanged", "private", "vary"] as const satisfies SharedCaches[];

const DEFAULT_SERVICE = "edgezero-rollout";
/** Short enough for the sampling key of every sink, and safe in every query language. */
const SERVICE = /^[\w.-]{1,64}$/;
const SAMPLE_RATE = /^(?:0(?:\.\d+)?|1(?:\.0+)?)$/;

/** The settings of attribution that every gateway has. */
export const ATTRIBUTION_SETTINGS = [
  "SERVICE_NAME",
  "ATTRIBUTION",
  "SHARED_CACHES",
  "EVENT_SAMPLE_RATE",
  "FORCE_WHEN_DISABLED",
] as const;

export type AttributionSetting = (typeof ATTRIBUTION_SETTINGS)[number];

/** What responses and events say of decisions, as an operator sets it. */
export interface AttributionSettings {
  /** The site or service, as its operator calls it. */
  readonly service: string;
  readonly attribution: (typeof ATTRIBUTIONS)[number];
  readonly sharedCaches: SharedCaches;
  /** The share of events that are written as lines, 0 to 1; `null`: none is, not even an error. */
  readonly sampleRate: number | null;
  /** Whether a tester may force EdgeZero while the rollout is not enabled. */
  readonly allowWhenDisabled: boolean;
}

/**
 * Reads {@link ATTRIBUTION_SETTINGS}. One that is empty or not there has its default.
 *
 * @param prefix What the names start with on this platform.
 * @throws RangeError when one is not valid, naming it, its value and what is allowed.
 */
export function readAttributionSettings(
  textOf: (setting: AttributionSetting) => string | undefined,
  prefix: "" | "EDGEZERO_" = "",
): AttributionSettings {
  function read<T>(
    setting: AttributionSetting,
    parse: (text: string) => T | undefined,
    allowed: string,
  ): T {
    const text = textOf(setting) ?? "";
    const value = parse(text);
    if (value !== undefined) return value;
    throw new RangeError(`${prefix}${setting} is ${JSON.stringify(text)}: it must be ${allowed}`);
  }

  function oneOf<const T extends string>(
    setting: AttributionSetting,
    values: readonly [T, ...T[]],
  ): T {
    const parse = (text: string): T | undefined =>
      text === "" ? values[0] : values.find((value) => value === text);
    return read(setting, parse, `one of ${values.join(", ")}`);
  }

  return {
    service: read("SERVICE_NAME", parseService, "1 to 64 letters, digits, dots, dashes or _"),
    attribution: oneOf("ATTRIBUTION", ATTRIBUTIONS),
    sharedCaches: oneOf("SHARED_CACHES", SHARED_CACHES),
    sampleRate: read("EVENT_SAMPLE_RATE", parseSampleRate, "empty, or a number from 0 to 1"),
    allowWhenDisabled: oneOf("FORCE_WHEN_DISABLED", ["false", "true"]) === "true",
  };
}

/** Reads `SERVICE_NAME`: `edgezero-rollout` where it is empty, `undefined` where it is not valid. */
export function parseService(text: string): string | undefined {
  if (text === "") return DEFAULT_SERVICE;
  return SERVICE.test(text) ? text : undefined;
}

/** Reads `EVENT_SAMPLE_RATE`: `null` where it is empty, `undefined` where it is not 0 to 1. */
export function parseSampleRate(text: string): number | null | undefined {
  if (text === "") return null;
  return SAMPLE_RATE.test(text) ? Number(text) : undefined;
}
