import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attributedGateway } from "../../test/attributed-gateway.ts";
import { answers, storeOf, storeThat, throws } from "../../test/scripted-store.ts";
import { PROPERTY_TEST } from "../../test/property-test.ts";
import type { SharedCaches } from "./shared-caches.ts";
import { separateInSharedCaches } from "./shared-caches.ts";

function separated(how: SharedCaches, given: Record<string, string>): Record<string, string> {
  const headers = new Headers(given);
  separateInSharedCaches(headers, how);
  return Object.fromEntries(headers);
}

describe("private", () => {
  test.each([
    [undefined, "private"],
    ["", "private"],
    [" , ,", "private"],
    ["public", "private"],
    ["private", "private"],
    ["no-store", "private, no-store"],
    ["max-age=60", "private, max-age=60"],
    ["public, max-age=60, s-maxage=600", "private, max-age=60"],
    ["PUBLIC,Max-Age=60,S-MaxAge=600", "private, Max-Age=60"],
    ["s-maxage = 600", "private"],
    ["max-age=60, proxy-revalidate, must-revalidate", "private, max-age=60, must-revalidate"],
    ['private="set-cookie, x-user", max-age=5', "private, max-age=5"],
    [
      'no-cache="set-cookie, public", max-age=5',
      'private, no-cache="set-cookie, public", max-age=5',
    ],
    ['ext="a \\", public", public', 'private, ext="a \\", public"'],
    ['max-age=5, ext="never closed, public', "private, max-age=5"],
    ['max-age=5, "' + '\\"'.repeat(50_000), "private, max-age=5"],
    ["public-x, s-maxage-x=1", "private, public-x, s-maxage-x=1"],
    ["stale-while-revalidate=5, immutable", "private, stale-while-revalidate=5, immutable"],
  ])("cache-control %j becomes %j", (given, expected) => {
    const headers: Record<string, string> = given === undefined ? {} : { "cache-control": given };
    expect(separated("private", headers)).toEqual({ "cache-control": expected });
  });

  test.each([
    { name: "CDN-Cache-Control", given: "max-age=60", becomes: "no-store" },
    { name: "Cloudflare-CDN-Cache-Control", given: "max-age=60", becomes: "no-store" },
    { name: "Surrogate-Control", given: "max-age=60", becomes: "no-store, max-age=0" },
    { name: "Edge-Control", given: "!no-store, max-age=1d", becomes: "no-store" },
    { name: "X-Accel-Expires", given: "3600", becomes: "0" },
  ])("$name, which outranks it, is overruled where it is there", ({ name, given, becomes }) => {
    expect(separated("private", { [name]: given })).toEqual({
      "cache-control": "private",
      [name.toLowerCase()]: becomes,
    });
  });

  test("other headers stay", () => {
    const others = { etag: '"1"', vary: "accept", expires: "0" };
    expect(separated("private", others)).toEqual({ ...others, "cache-control": "private" });
  });

  test(
    "whatever was there, exactly one private is, nothing is public, and again changes nothing",
    PROPERTY_TEST,
    () => {
      const directive = fc.oneof(
        fc.constantFrom("public", "private", "s-maxage=9", "no-store", "max-age=1", 'x="a,public"'),
        fc.stringMatching(/^[ !#-~]{0,12}$/),
      );
      fc.assert(
        fc.property(fc.array(directive), (directives) => {
          const once = separated("private", { "cache-control": directives.join(",") });
          const [first, ...rest] =
            once["cache-control"]?.replaceAll('"a,public"', "").split(", ") ?? [];
          expect(first).toBe("private");
          expect(rest.filter((name) => /^(private|public|s-maxage)\s*(=|$)/i.test(name))).toEqual(
            [],
          );
          expect(separated("private", once)).toEqual(once);
        }),
        { numRuns: 100 },
      );
    },
  );

  test(
    "any text gives a header that starts with private, and again changes nothing",
    PROPERTY_TEST,
    () => {
      fc.assert(
        fc.property(fc.stringMatching(/^[ -~]*$/), (text) => {
          const once = separated("private", { "cache-control": text });
          expect(once["cache-control"]).toMatch(/^private(, |$)/);
          expect(separated("private", once)).toEqual(once);
        }),
        { numRuns: 100 },
      );
    },
  );
});

describe("vary", () => {
  test.each([
    [undefined, "X-Forwarded-For"],
    ["", "X-Forwarded-For"],
    ["Accept-Encoding", "Accept-Encoding, X-Forwarded-For"],
    ["Accept , Cookie,", "Accept, Cookie, X-Forwarded-For"],
    ["x-forwarded-for", "x-forwarded-for"],
    ["Accept, X-FORWARDED-FOR", "Accept, X-FORWARDED-FOR"],
    ["X-Forwarded-For-Not", "X-Forwarded-For-Not, X-Forwarded-For"],
    ["*", "*"],
    ["Accept, *", "Accept, *"],
  ])("vary %j becomes %j", (given, expected) => {
    const headers: Record<string, string> = given === undefined ? {} : { vary: given };
    expect(separated("vary", headers)).toEqual({ vary: expected });
  });

  test("cache-control stays", () => {
    expect(separated("vary", { "cache-control": "public, max-age=5" })).toEqual({
      "cache-control": "public, max-age=5",
      vary: "X-Forwarded-For",
    });
  });
});

describe("a response is kept apart exactly while both paths serve", () => {
  const on = answers("1");
  const broken = throws(new Error("broken"));
  const headers = { "cache-control": "public, max-age=60", vary: "Accept" };
  const handler = () => new Response(null, { headers });

  async function cachedAs(
    sharedCaches: SharedCaches | undefined,
    configStore: ReturnType<typeof storeOf>,
    override?: () => "legacy" | "edgezero",
  ) {
    const options = { configStore, legacy: handler, edgezero: handler };
    const { send } = attributedGateway({ sharedCaches, override, sinks: [] }, options);
    const response = await send();
    return [response.headers.get("cache-control"), response.headers.get("vary")];
  }

  test.each([
    { state: "bucket", configStore: storeOf("1", "50"), isApart: true },
    { state: "rollback", configStore: storeOf("1", "0"), isApart: false },
    { state: "cutover", configStore: storeOf("1", "100"), isApart: false },
    { state: "disabled", configStore: storeOf("0", "50"), isApart: false },
    { state: "pct-absent", configStore: storeOf("1", null), isApart: false },
    { state: "pct-unreadable", configStore: storeThat(on, broken), isApart: false },
  ])("$state: $isApart", async ({ configStore, isApart }) => {
    const unchanged = ["public, max-age=60", "Accept"];
    const asPrivate = ["private, max-age=60", "Accept"];
    const asVary = ["public, max-age=60", "Accept, X-Forwarded-For"];
    expect(await cachedAs("private", configStore)).toEqual(isApart ? asPrivate : unchanged);
    expect(await cachedAs("vary", configStore)).toEqual(isApart ? asVary : unchanged);
    expect(await cachedAs("unchanged", configStore)).toEqual(unchanged);
    expect(await cachedAs(undefined, configStore)).toEqual(unchanged);
    for (const how of ["private", "vary", "unchanged", undefined] as const) {
      expect(await cachedAs(how, configStore, () => "edgezero")).toEqual(asPrivate);
    }
  });

  test("and while the last good state, in which both served, still stands", async () => {
    let flag = on;
    const configStore = storeThat(() => flag(), answers("50"));
    const options = { configStore, legacy: handler, staleIfErrorMs: 1000 };
    const { send } = attributedGateway({ sharedCaches: "private" }, options);
    await send();
    flag = broken;
    expect((await send()).headers.get("cache-control")).toBe("private, max-age=60");
  });
});
