import { describe, expect, test } from "vitest";
import addresses from "../vectors/addresses.json" with { type: "json" };
import { clientBucket } from "./client-bucket.ts";

describe("clientBucket", () => {
  test(`puts each of ${addresses.length} addresses where Rust puts it`, () => {
    expect(addresses.map(({ text }) => clientBucket(text))).toEqual(
      addresses.map(({ bucket }) => bucket),
    );
  });

  test.each([null, undefined, "", "unknown", "1.2.3.4:80", "x".repeat(1_000_000)])(
    "is 61 without an address: %#",
    (text) => {
      expect(clientBucket(text)).toBe(61);
    },
  );

  test.each([
    ["1.2.3.4", "::ffff:1.2.3.4", "::FFFF:102:304"],
    ["2001:db8::1", "2001:DB8:0::1"],
  ])("is one for every spelling of %s", (...spellings) => {
    expect(new Set(spellings.map(clientBucket)).size).toBe(1);
  });
});
