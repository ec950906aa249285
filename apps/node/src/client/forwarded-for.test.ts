import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressIn, clientOf, shapeOf } from "./forwarded-for.ts";

describe("an entry", () => {
  test.each([
    { entry: "203.0.113.7", address: "203.0.113.7" },
    { entry: " 203.0.113.7:49152 ", address: "203.0.113.7" },
    { entry: '"203.0.113.7"', address: "203.0.113.7" },
    { entry: '"203.0.113.7:80"', address: "203.0.113.7" },
    { entry: "2001:db8::1", address: "2001:db8::1" },
    { entry: "[2001:db8::1]", address: "2001:db8::1" },
    { entry: "[2001:db8::1]:443", address: "2001:db8::1" },
    { entry: '"[2001:db8::1]:443"', address: "2001:db8::1" },
    { entry: "fe80::1%eth0", address: "fe80::1" },
    { entry: "[fe80::1%25eth0]:1", address: "fe80::1" },
    { entry: "::ffff:203.0.113.7", address: "::ffff:203.0.113.7" },
    { entry: "2001:db8::1:443", address: "2001:db8::1:443" },
  ])("$entry has the address $address", ({ entry, address }) => {
    expect(addressIn(entry)).toBe(address);
  });

  test.each([
    "",
    "unknown",
    "_hidden",
    "203.0.113.7:port",
    "203.0.113.7:123456",
    "203.0.113.7:80:80",
    "203.0.113",
    "010.0.0.1",
    "0x7f.1",
    "[203.0.113.7",
    "[2001:db8::1]443",
    '"203.0.113.7',
    "203.0.113.7 80",
    "203.0.113.7/24",
    "for=203.0.113.7",
  ])("%j has no address", (entry) => {
    expect(addressIn(entry)).toBeNull();
  });
});

test("an address is found however it is written", () => {
  const written = fc.constantFrom(
    (address: string) => address,
    (address: string) => `[${address}]`,
    (address: string) => `[${address}]:65535`,
    (address: string) => `"[${address}]:1"`,
    (address: string) => `  "${address}"`,
  );
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), written, (address, write) => {
      expect(addressIn(write(address))).toBe(address);
    }),
    { numRuns: 500 },
  );
});

function isTrusted(address: string): boolean {
  return address.startsWith("10.");
}

describe("a chain", () => {
  test.each([
    { chain: "203.0.113.7", end: { kind: "client", address: "203.0.113.7" } },
    { chain: "6.6.6.6, 203.0.113.7:1, 10.0.0.1", end: { kind: "client", address: "203.0.113.7" } },
    { chain: "10.0.0.1, 10.0.0.2", end: { kind: "client", address: "10.0.0.1" } },
    { chain: "203.0.113.7, , 10.0.0.1,", end: { kind: "client", address: "203.0.113.7" } },
    { chain: "203.0.113.7, unknown", end: { kind: "invalid", entry: " unknown" } },
    { chain: "unknown, 203.0.113.7", end: { kind: "client", address: "203.0.113.7" } },
    { chain: " ,", end: { kind: "empty" } },
  ])("$chain", ({ chain, end }) => {
    expect(clientOf(chain, isTrusted)).toEqual(end);
  });
});

test("a shape is bounded, and has nothing of the value but its punctuation", () => {
  expect(shapeOf(' "Ärger-12"; x=203.0.113.7 ')).toBe('"a-9"??a?9.9.9.9');
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (entry) => {
      const shape = shapeOf(entry);
      expect(shape).toMatch(/^[9a.:[\]"_%/?-]*…?$/);
      expect(shape.length).toBeLessThanOrEqual(41);
    }),
    { numRuns: 300 },
  );
});
