import { expect, test } from "vitest";
import { hasToken, tokenFinding } from "./token.ts";

const LONG = "0123456789abcdef0123456789abcdef";

test.each([
  { host: "127.0.0.1", token: null },
  { host: "127.0.0.2", token: null },
  { host: "localhost", token: "short" },
  { host: "::1", token: null },
  { host: "0.0.0.0", token: LONG },
  { host: "10.0.0.7", token: LONG },
])("may listen at $host with $token", ({ host, token }) => {
  expect(tokenFinding(host, token)).toBeNull();
});

test.each([
  { host: "0.0.0.0", token: null, says: "must be set" },
  { host: "::", token: "", says: "must be set" },
  { host: "10.0.0.7", token: LONG.slice(1), says: "not 31" },
  { host: "127.0.0.1.evil.test", token: null, says: "must be set" },
  { host: "", token: null, says: "must be set" },
])("must not listen at $host with $token", ({ host, token, says }) => {
  const finding = tokenFinding(host, token);
  expect(finding).toContain(says);
  expect(finding).toContain("CONTROLLER_TOKEN");
  expect(finding).not.toContain(token || LONG);
});

test.each([
  { header: `Bearer ${LONG}`, expected: true },
  { header: `bearer  ${LONG} `, expected: true },
  { header: `Bearer ${LONG}x`, expected: false },
  { header: `Bearer ${LONG.slice(1)}`, expected: false },
  { header: LONG, expected: false },
  { header: "Bearer ", expected: false },
  { header: undefined, expected: false },
])("$header: $expected", ({ header, expected }) => {
  expect(hasToken(header, LONG)).toBe(expected);
});

test("a token may be of several words, as a setting may", () => {
  const words = "a token of more than 32 characters";
  expect(hasToken(`Bearer ${words} `, words)).toBe(true);
  expect(hasToken("Bearer a token", words)).toBe(false);
});
