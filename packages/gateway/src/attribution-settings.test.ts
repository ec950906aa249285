import { expect, test } from "vitest";
import { readAttributionSettings } from "./attribution-settings.ts";

const DEFAULTS = {
  service: "edgezero-rollout",
  attribution: "path",
  sharedCaches: "unchanged",
  sampleRate: null,
  allowWhenDisabled: false,
};

function read(texts: Record<string, string>, prefix?: "EDGEZERO_"): unknown {
  return readAttributionSettings((setting) => texts[setting], prefix);
}

test("without any, all have their defaults", () => {
  expect(read({})).toEqual(DEFAULTS);
});

test("empty ones have their defaults too", () => {
  const texts = {
    SERVICE_NAME: "",
    ATTRIBUTION: "",
    SHARED_CACHES: "",
    EVENT_SAMPLE_RATE: "",
    FORCE_WHEN_DISABLED: "",
  };
  expect(read(texts)).toEqual(DEFAULTS);
});

test.each([
  ["SERVICE_NAME", "shop.example-1_a", { service: "shop.example-1_a" }],
  ["SERVICE_NAME", "x".repeat(64), { service: "x".repeat(64) }],
  ["ATTRIBUTION", "path", {}],
  ["ATTRIBUTION", "detail", { attribution: "detail" }],
  ["SHARED_CACHES", "unchanged", {}],
  ["SHARED_CACHES", "private", { sharedCaches: "private" }],
  ["SHARED_CACHES", "vary", { sharedCaches: "vary" }],
  ["EVENT_SAMPLE_RATE", "0", { sampleRate: 0 }],
  ["EVENT_SAMPLE_RATE", "0.01", { sampleRate: 0.01 }],
  ["EVENT_SAMPLE_RATE", "1", { sampleRate: 1 }],
  ["EVENT_SAMPLE_RATE", "1.0", { sampleRate: 1 }],
  ["FORCE_WHEN_DISABLED", "true", { allowWhenDisabled: true }],
  ["FORCE_WHEN_DISABLED", "false", {}],
])("%s %j is read", (name, text, expected) => {
  expect(read({ [name]: text })).toEqual({ ...DEFAULTS, ...expected });
});

test.each([
  ["SERVICE_NAME", "x".repeat(65), "1 to 64 letters, digits, dots, dashes or _"],
  ["SERVICE_NAME", "two words", "1 to 64 letters, digits, dots, dashes or _"],
  ["SERVICE_NAME", "läden", "1 to 64 letters, digits, dots, dashes or _"],
  ["ATTRIBUTION", "Detail", "one of path, detail"],
  ["SHARED_CACHES", "public", "one of unchanged, private, vary"],
  ["EVENT_SAMPLE_RATE", "1.01", "empty, or a number from 0 to 1"],
  ["EVENT_SAMPLE_RATE", "-0.1", "empty, or a number from 0 to 1"],
  ["EVENT_SAMPLE_RATE", " 1", "empty, or a number from 0 to 1"],
  ["EVENT_SAMPLE_RATE", "1e-2", "empty, or a number from 0 to 1"],
  ["EVENT_SAMPLE_RATE", "all", "empty, or a number from 0 to 1"],
  ["FORCE_WHEN_DISABLED", "yes", "one of false, true"],
])("%s %j is refused, by name", (name, text, allowed) => {
  const value = JSON.stringify(text);
  expect(() => read({ [name]: text })).toThrow(
    new RangeError(`${name} is ${value}: it must be ${allowed}`),
  );
  expect(() => read({ [name]: text }, "EDGEZERO_")).toThrow(
    new RangeError(`EDGEZERO_${name} is ${value}: it must be ${allowed}`),
  );
});
