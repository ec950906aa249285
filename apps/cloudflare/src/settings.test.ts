import { expect, test } from "vitest";
import { readMaxAge, readOrigins } from "./settings.ts";

test.each([
  [undefined, 5000],
  ["", 5000],
  [" ", 5000],
  ["soon", 5000],
  ["0", 0],
  ["-1", 0],
  ["1", 1],
  ["2500", 2500],
  ["600000", 600_000],
  ["600001", 600_000],
  ["Infinity", 600_000],
])("CONFIG_MAX_AGE_MS %j is %i", (text, ms) => {
  expect(readMaxAge(text)).toBe(ms);
});

test("no origin is the built-in handlers", () => {
  expect(readOrigins("", "")).toBeNull();
});

test("two origins are two origins", () => {
  const origins = readOrigins("https://legacy.example.com", "http://127.0.0.1:9102/");
  expect(origins?.legacy.href).toBe("https://legacy.example.com/");
  expect(origins?.edgezero.href).toBe("http://127.0.0.1:9102/");
});

test.each([
  ["EDGEZERO_ORIGIN", "https://legacy.example.com", ""],
  ["LEGACY_ORIGIN", "", "https://edgezero.example.com"],
  ["LEGACY_ORIGIN", "legacy.example.com", "https://edgezero.example.com"],
  ["EDGEZERO_ORIGIN", "https://legacy.example.com", "https://edgezero.example.com/base"],
  ["EDGEZERO_ORIGIN", "https://legacy.example.com", "ftp://edgezero.example.com"],
  ["EDGEZERO_ORIGIN", "https://legacy.example.com", "https://user:secret@edgezero.example.com"],
])("a bad %s stops the start: %j, %j", (name, legacy, edgezero) => {
  expect(() => readOrigins(legacy, edgezero)).toThrow(`${name} is `);
});
