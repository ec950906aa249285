import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { TokenParts } from "../../test/probed-gateway.ts";
import { NONCE, SECRET, tokenOf } from "../../test/probed-gateway.ts";
import { PROPERTY_TEST } from "../../test/property-test.ts";
import { mintForceToken } from "../force/index.ts";
import { importKey } from "../signature.ts";
import type { ProbeTokenOptions } from "./token.ts";
import { isGenuine, mintProbeToken, parseProbeToken } from "./token.ts";

const NOW = 1_700_000_000_000;
const NOW_S = NOW / 1000;
const mint = (options: Partial<ProbeTokenOptions> = {}) =>
  mintProbeToken({ secret: SECRET, bucket: 7, ...options });

/** A token that is good for 30 s by the time of these tests. */
const made = (parts: TokenParts = {}) => tokenOf({ expires: NOW_S + 30, ...parts });

/** Whether a token counts. */
async function counts(text: string, by = SECRET): Promise<boolean> {
  const token = parseProbeToken(text);
  return token !== null && (await isGenuine(token, await importKey(by, "probe secret")));
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a minted token", () => {
  test("is as described, counts, and asks for its bucket", async () => {
    for (const bucket of [0, 7, 10, 99]) {
      const token = await mint({ bucket });
      const [expires = "", nonce = ""] = token.split(".");
      expect([expires, Buffer.from(nonce, "base64url").length]).toEqual([`${NOW_S + 30}`, 16]);
      expect(token).toBe(tokenOf({ expires, nonce, bucket }));
      expect(await counts(token)).toBe(true);
      expect(parseProbeToken(token)?.bucket).toBe(bucket);
    }
  });

  test("has a nonce of its own", async () => {
    const tokens = await Promise.all(Array.from({ length: 50 }, async () => mint()));
    expect(new Set(tokens).size).toBe(50);
  });

  test("counts until the second in which it expires, and never again", async () => {
    const token = await mint({ lifetimeMs: 60_000 });
    for (const [at, expected] of [
      [NOW, true],
      [NOW + 59_999, true],
      [NOW + 60_000, false],
      [NOW + 1e9, false],
      [NOW - 1, false],
    ] as const) {
      vi.setSystemTime(at);
      expect(await counts(token)).toBe(expected);
    }
  });

  test("is dated by the time that is given", async () => {
    expect(await mint({ now: NOW - 3_600_000 })).toMatch(`${NOW_S - 3600 + 30}.`);
    expect(await mint({ now: NOW + 999.5, lifetimeMs: 1000 })).toMatch(`${NOW_S + 1}.`);
    expect(await counts(await mint({ now: NOW - 3_600_000 }))).toBe(false);
    expect(await counts(await mint({ now: NOW + 30_000 }))).toBe(true);
    expect(await counts(await mint({ now: NOW + 31_000 }))).toBe(false);
  });
});

describe("what cannot be minted is refused by name, without the secret", () => {
  test.each([
    { given: { bucket: -1 }, message: "bucket is -1, not a whole number from 0 to 99" },
    { given: { bucket: 100 }, message: "bucket is 100, not a whole number from 0 to 99" },
    { given: { bucket: 1.5 }, message: "bucket is 1.5, not a whole number from 0 to 99" },
    { given: { bucket: NaN }, message: "bucket is NaN, not a whole number from 0 to 99" },
    { given: { lifetimeMs: 999 }, message: "lifetimeMs is 999, not 1000 to 60000" },
    { given: { lifetimeMs: 60_001 }, message: "lifetimeMs is 60001, not 1000 to 60000" },
    { given: { lifetimeMs: NaN }, message: "lifetimeMs is NaN, not 1000 to 60000" },
    { given: { now: -1 }, message: "now is -1, not 0 to 8640000000000000" },
    { given: { now: NaN }, message: "now is NaN, not 0 to 8640000000000000" },
    { given: { now: Infinity }, message: "now is Infinity, not 0 to 8640000000000000" },
    {
      given: { secret: "hunter2" },
      message: "the probe secret has 7 characters: it must have at least 32",
    },
  ])("$message", async ({ given, message }) => {
    await expect(mint(given)).rejects.toThrow(new RangeError(message));
  });
});

describe("no token counts", () => {
  test.each([
    { what: "expired", token: () => made({ expires: NOW_S }) },
    { what: "too far ahead", token: () => made({ expires: NOW_S + 61 }) },
    { what: "of another secret", token: () => made({ by: `${SECRET}!` }) },
    { what: "of another purpose", token: () => made({ purpose: "edgezero-force" }) },
    { what: "for another bucket", token: () => made().replace(".7.", ".8.") },
    { what: "with another nonce", token: () => made().replace(NONCE, NONCE.replace("A", "B")) },
    { what: "that expires later", token: () => made().replace(/^\d+/, `${NOW_S + 40}`) },
    { what: "for bucket 100", token: () => made({ bucket: 100 }) },
    { what: "for bucket -1", token: () => made({ bucket: -1 }) },
    { what: "without a bucket", token: () => made({ bucket: "" }) },
    { what: "with a long nonce", token: () => made({ nonce: `${NONCE}A` }) },
    { what: "with a short nonce", token: () => made({ nonce: NONCE.slice(1) }) },
    { what: "without a signature", token: () => made().replace(/[^.]*$/, "") },
    { what: "with more after it", token: () => `${made()}x` },
    { what: "with a space before it", token: () => ` ${made()}` },
    { what: "twice", token: () => `${made()}, ${made()}` },
    { what: "in other spelling", token: () => made().replace(/.$/, "B") },
    { what: "of too many digits", token: () => made({ expires: "9".repeat(400) }) },
    { what: "empty", token: () => "" },
  ])("$what", async ({ token }) => {
    expect(await counts(made())).toBe(true);
    expect(await counts(token())).toBe(false);
  });

  test("of a tester, with the same secret; nor the other way", async () => {
    const token = await mintForceToken({ secret: SECRET, path: "legacy", lifetimeMs: 30_000 });
    const [path = "", expires = "", signature = ""] = token.split(".");
    expect(await counts(token)).toBe(false);
    expect(await counts(`${expires}.${NONCE}.7.${signature}`)).toBe(false);
    expect(await counts(`${expires}.${path}.7.${signature}`)).toBe(false);
  });

  test("with any one character changed", PROPERTY_TEST, async () => {
    const token = made();
    const character = fc.constantFrom(..."AZaz09-_. ,=+/é".split(""));
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), character, async (at, replaced) => {
        const changed = token.slice(0, at) + replaced + token.slice(at + 1);
        expect(await counts(changed)).toBe(changed === token);
      }),
      { numRuns: 500 },
    );
  });

  test("whatever its text", PROPERTY_TEST, async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 200 }), async (text) => {
        expect(await counts(text)).toBe(false);
      }),
      { numRuns: 500 },
    );
    expect(await counts(made({ by: randomBytes(32).toString() }))).toBe(false);
  });
});
