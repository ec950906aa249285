import { isIP } from "node:net";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { naiveIpv6Text } from "../test/naive-reference.ts";
import { PROPERTY_TEST } from "../test/property-test.ts";
import addresses from "../vectors/addresses.json" with { type: "json" };
import reference from "../vectors/reference.json" with { type: "json" };
import { canonicalClientIp, routingKey } from "./client-ip.ts";

describe("canonicalClientIp", () => {
  test.each(reference.ip)("$text is $canonical", ({ text, canonical }) => {
    expect(canonicalClientIp(text)).toBe(canonical);
  });

  test(`each of ${addresses.length} addresses is printed as Rust prints it`, () => {
    expect(addresses.length).toBeGreaterThanOrEqual(650);
    expect(addresses.map(({ text }) => canonicalClientIp(text))).toEqual(
      addresses.map(({ canonical }) => canonical),
    );
  });

  test.each([
    { text: "0.0.0.0", canonical: "0.0.0.0" },
    { text: "255.255.255.255", canonical: "255.255.255.255" },
    { text: "::", canonical: "::" },
    { text: "0:0:0:0:0:0:0:0", canonical: "::" },
    { text: "1:2:3:4:5:6:7::", canonical: "1:2:3:4:5:6:7:0" },
    { text: "::2:3:4:5:6:7:8", canonical: "0:2:3:4:5:6:7:8" },
    { text: "1:0:0:4:0:0:7:8", canonical: "1::4:0:0:7:8" },
    { text: "::1.2.3.4", canonical: "::102:304" },
    { text: "64:ff9b::1.2.3.4", canonical: "64:ff9b::102:304" },
    { text: "::FFFF:1.2.3.4", canonical: "::ffff:1.2.3.4" },
    { text: "::ffff:0102:0304", canonical: "::ffff:1.2.3.4" },
    { text: "0:0:0:0:0:ffff:0:0", canonical: "::ffff:0.0.0.0" },
    { text: "::ffff:0:1", canonical: "::ffff:0.0.0.1" },
    { text: "::ffff:ffff:ffff", canonical: "::ffff:255.255.255.255" },
    { text: "::ffff:0:102:304", canonical: "::ffff:0:102:304" },
    { text: "::fffe:102:304", canonical: "::fffe:102:304" },
  ])("$text is printed as $canonical", ({ text, canonical }) => {
    expect(canonicalClientIp(text)).toBe(canonical);
  });

  const NO_ADDRESSES = [
    "1 1.2 1.2.3 1.2.3.4.5 1.2.3. .1.2.3 1..2.3 1.2.3.256 1.2.3.04 1.2.3.00 1.2.3.4. 0x1.2.3.4",
    "0x7f000001 2130706433 -1.2.3.4 1.2.3.4/8 1.2.3.4:80 1.2.3.4,5.6.7.8 : ::: 1: :1 1::2::3",
    "1:2:3:4:5:6:7 1:2:3:4:5:6:7:8:9 12345:: g:: 1:2:3:4:5:6:7:8:: ::1:2:3:4:5:6:7:8",
    "1:2:3:4::5:6:7:8 1.2.3.4:: ::1.2.3.4:5 ::1.2.3 ::01.2.3.4 ::1.2.3.256 1:2:3:4:5:6:7:1.2.3.4",
    "::ffff:1.2.3.4.5 [::1] [::1]:80 ::1]:80/[ ::1] ::1/64 fe80::1%eth0 ::1% ::1]@evil/[ ::1# ::1?",
    "localhost example.com dead.beef cafe unknown null undefined _hidden é ：：１ １.2.3.4 1。2。3。4",
  ].flatMap((line) => line.split(" "));
  const WITH_SPACE = ["1.2.3.4, 5.6.7.8", " 1.2.3.4", "1.2.3.4 ", "1.2.3.4\n", "::1\n", "\n::1"];

  test.each([...NO_ADDRESSES, ...WITH_SPACE, "::1\0", "::1\u200b", "\ud800"])(
    "%j is not an address",
    (text) => {
      expect(canonicalClientIp(text)).toBeNull();
    },
  );

  test.each([
    { name: "digits", text: "1".repeat(1_000_000) },
    { name: "dots", text: ".".repeat(1_000_000) },
    { name: "colons", text: ":".repeat(1_000_000) },
    { name: "octets", text: "1.".repeat(500_000) },
    { name: "zeros in a group", text: `::${"0".repeat(1_000_000)}1` },
    { name: "letters", text: "x".repeat(1_000_000) },
  ])("a megabyte of $name is not an address", ({ text }) => {
    expect(canonicalClientIp(text)).toBeNull();
  });

  test.each([null, undefined, ""])("%j is not an address", (text) => {
    expect(canonicalClientIp(text)).toBeNull();
  });

  test("each spelling of an IPv6 address has one text, the one of RFC 5952", PROPERTY_TEST, () => {
    const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
    const groups = fc.array(group, { minLength: 8, maxLength: 8 });
    // Mapped addresses print otherwise, and have tests of their own.
    const unmapped = groups.filter((all) => all[5] !== 0xffff || all.slice(0, 5).some(Boolean));
    fc.assert(
      fc.property(unmapped, (all) => {
        const full = all.map((word) => word.toString(16).padStart(4, "0")).join(":");
        const text = naiveIpv6Text(all);
        const spellings = [text, text.toUpperCase(), full, full.toUpperCase()];
        expect(spellings.map(canonicalClientIp)).toEqual(spellings.map(() => text));
      }),
      { numRuns: 2000 },
    );
  });

  test(
    "accepts the text that Node's own parser accepts, and its answer is its own answer",
    PROPERTY_TEST,
    () => {
      const piece = fc.constantFrom(
        "0",
        "1",
        "00",
        "01",
        "255",
        "256",
        "ffff",
        "A",
        ":",
        "::",
        ".",
        "1.2.3.4",
      );
      const pieces = fc.array(piece, { maxLength: 17 }).map((all) => all.join(""));
      const groups = fc.array(piece, { maxLength: 9 }).map((all) => all.join(":"));
      fc.assert(
        fc.property(fc.oneof(pieces, groups), (text) => {
          const canonical = canonicalClientIp(text);
          expect(canonical !== null).toBe(isIP(text) !== 0);
          expect(canonicalClientIp(canonical)).toBe(canonical);
        }),
        { numRuns: 10_000 },
      );
    },
  );
});

describe("routingKey", () => {
  test.each([
    { text: "203.0.113.7", key: "203.0.113.7" },
    { text: "::ffff:203.0.113.7", key: "203.0.113.7" },
    { text: "::FFFF:CB00:7107", key: "203.0.113.7" },
    { text: "0:0:0:0:0:ffff:203.0.113.7", key: "203.0.113.7" },
    { text: "::ffff:0:0", key: "0.0.0.0" },
    { text: "::203.0.113.7", key: "::cb00:7107" },
    { text: "2001:DB8::1", key: "2001:db8::1" },
    { text: "unknown", key: "" },
    { text: "", key: "" },
    { text: null, key: "" },
    { text: undefined, key: "" },
  ])("$text is hashed as '$key'", ({ text, key }) => {
    expect(routingKey(text)).toBe(key);
  });
});
