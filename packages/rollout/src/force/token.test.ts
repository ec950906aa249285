import { createHmac, randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { PROPERTY_TEST } from "../../test/property-test.ts";
import { importKey } from "../signature.ts";
import type { ForceTokenOptions } from "./token.ts";
import { isGenuine, mintForceToken, parseForceToken } from "./token.ts";

const NOW = 1_700_000_000_000;
const NOW_S = NOW / 1000;
const WEEK_S = 7 * 24 * 3600;
const secret = "a secret of 32 characters, no less";
const mint = (options: Partial<ForceTokenOptions> = {}) =>
  mintForceToken({ secret, path: "edgezero", lifetimeMs: 60_000, ...options });

/** A token as any program makes it that follows the description. */
function tokenOf(
  path: string,
  expires: number | string,
  { purpose = "edgezero-force", by = secret } = {},
) {
  const signature = createHmac("sha256", by).update(`${purpose}\n${path}\n${expires}`);
  return `${path}.${expires}.${signature.digest("base64url")}`;
}

/** Whether a token counts. */
async function counts(text: string, by = secret): Promise<boolean> {
  const token = parseForceToken(text);
  return token !== null && (await isGenuine(token, await importKey(by, "force secret")));
}

/** Those of these texts that count. */
async function counting(texts: Iterable<string>): Promise<string[]> {
  const found: string[] = [];
  for (const text of texts) if (await counts(text)) found.push(text);
  return found;
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a minted token", () => {
  test.each(["legacy", "edgezero"] as const)("for %s is as described, and counts", async (path) => {
    const token = await mint({ path, lifetimeMs: 60_000 });
    expect(token).toBe(tokenOf(path, NOW_S + 60));
    expect(parseForceToken(token)).toMatchObject({ path, expires: String(NOW_S + 60) });
    expect(await counts(token)).toBe(true);
  });

  test("counts until the second in which it expires, and never again", async () => {
    const token = await mint({ lifetimeMs: 60_000 });
    for (const [at, expected] of [
      [NOW, true],
      [NOW + 59_999, true],
      [NOW + 60_000, false],
      [NOW + 60_001, false],
      [NOW + 1e9, false],
      [NOW + 59_999, true],
    ] as const) {
      vi.setSystemTime(at);
      expect(await counts(token)).toBe(expected);
    }
  });

  test("expires on a whole second, never later than asked", async () => {
    vi.setSystemTime(NOW + 999);
    expect(await mint({ lifetimeMs: 1000 })).toMatch(`edgezero.${NOW_S + 1}.`);
    expect(await mint({ lifetimeMs: 1001 })).toMatch(`edgezero.${NOW_S + 2}.`);
    expect(await mint({ lifetimeMs: 1500.5 })).toMatch(`edgezero.${NOW_S + 2}.`);
  });

  test("counts with the longest lifetime and with any secret that is long enough", async () => {
    expect(await counts(await mint({ lifetimeMs: WEEK_S * 1000 }))).toBe(true);
    for (const long of ["x".repeat(32), "é".repeat(32), "🙂".repeat(16), "x".repeat(10_000)]) {
      expect(await counts(await mint({ secret: long }), long)).toBe(true);
    }
  });
});

describe("minting refuses", () => {
  test.each([
    { what: "no lifetime", options: { lifetimeMs: 0 } },
    { what: "a negative lifetime", options: { lifetimeMs: -60_000 } },
    { what: "less than a second", options: { lifetimeMs: 999 } },
    { what: "more than 7 days", options: { lifetimeMs: WEEK_S * 1000 + 1 } },
    { what: "a lifetime that is no number", options: { lifetimeMs: NaN } },
    { what: "an endless lifetime", options: { lifetimeMs: Infinity } },
    { what: "another path", options: { path: "health" as never } },
    { what: "a path that ends the text", options: { path: "legacy\n1" as never } },
    { what: "no path", options: { path: undefined as never } },
    { what: "a short secret", options: { secret: "hunter2".repeat(4) } },
    { what: "an empty secret", options: { secret: "" } },
  ])("$what, and says no secret", async ({ options }) => {
    const refusal: unknown = await mint(options).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RangeError);
    expect(String(refusal)).not.toMatch(/hunter2|a secret of/);
  });
});

describe("a token does not count", () => {
  test("with any single character changed, added or left out", async () => {
    const token = await mint();
    const others = [
      ".",
      "-",
      "_",
      "A",
      "B",
      "Q",
      "a",
      "b",
      "0",
      "1",
      "9",
      "+",
      "/",
      "=",
      " ",
      "\n",
    ];
    const changed = new Set<string>();
    for (let i = 0; i <= token.length; i++) {
      for (const other of ["", ...others]) {
        changed.add(token.slice(0, i) + other + token.slice(i + 1));
        changed.add(token.slice(0, i) + other + token.slice(i));
      }
    }
    changed.delete(token);
    expect(changed.size).toBeGreaterThan(1500);
    expect(await counting(changed)).toEqual([]);
  });

  test("with any other spelling of the last character's bits", async () => {
    const token = await mint();
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const spellings = Array.from(alphabet, (last) => token.slice(0, -1) + last);
    expect(await counting(spellings)).toEqual([token]);
  });

  const later = NOW_S + 60;
  test.each([
    { what: "nothing", token: "" },
    { what: "no signature", token: `edgezero.${later}.` },
    { what: "an empty signature", token: `edgezero.${later}` },
    {
      what: "another path's signature",
      token: tokenOf("legacy", later).replace("legacy", "edgezero"),
    },
    { what: "another time's signature", token: tokenOf("edgezero", later).replace(/60\./, "61.") },
    { what: "an unknown path", token: tokenOf("health", later) },
    { what: "a path in capitals", token: tokenOf("EDGEZERO", later) },
    { what: "a time that has gone", token: tokenOf("edgezero", NOW_S - 1) },
    { what: "a time that is now", token: tokenOf("edgezero", NOW_S) },
    { what: "a time that is more than 7 days off", token: tokenOf("edgezero", NOW_S + WEEK_S + 1) },
    { what: "the last time there is", token: tokenOf("edgezero", 999_999_999_999) },
    { what: "more digits", token: tokenOf("edgezero", `0${"0".repeat(12)}${later}`) },
    { what: "a sign", token: tokenOf("edgezero", `+${later}`) },
    { what: "an exponent", token: tokenOf("edgezero", "17e8") },
    { what: "hexadecimal digits", token: tokenOf("edgezero", `0x${later.toString(16)}`) },
    { what: "digits of another script", token: tokenOf("edgezero", "١٧٠٠٠٠٠٠٦٠") },
    { what: "a fraction", token: tokenOf("edgezero", `${later}.5`) },
    { what: "another purpose", token: tokenOf("edgezero", later, { purpose: "edgezero-admin" }) },
    { what: "no purpose", token: tokenOf("edgezero", later, { purpose: "" }) },
    { what: "another secret", token: tokenOf("edgezero", later, { by: `${secret}.` }) },
    { what: "a line after it", token: `${tokenOf("edgezero", later)}\n` },
    { what: "two of them", token: `${tokenOf("edgezero", later)}, ${tokenOf("edgezero", later)}` },
    { what: "padding", token: `${tokenOf("edgezero", later)}=` },
  ])("with $what", async ({ token }) => {
    expect(await counts(token)).toBe(false);
  });

  test("with a signature of any other secret, path or time", PROPERTY_TEST, async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 32 }), async (bytes) => {
        const token = `edgezero.${later}.${Buffer.from(bytes).toString("base64url")}`;
        expect(parseForceToken(token)).not.toBeNull();
        expect(await counts(token)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  test("whatever its text, and nothing throws", PROPERTY_TEST, () => {
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.stringMatching(/^(legacy|edgezero)\.\d*\.[\w-]*$/),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(parseForceToken(`${text}!`)).toBeNull();
      }),
      { numRuns: 100 },
    );
  });
});

test("the same secret in other bytes is another secret", async () => {
  const by = randomBytes(32).toString("base64");
  const token = await mint({ secret: by });
  expect(await counts(token, by)).toBe(true);
  expect(await counts(token, `${by} `)).toBe(false);
  expect(await counts(token, by.toUpperCase() + "x")).toBe(false);
});
