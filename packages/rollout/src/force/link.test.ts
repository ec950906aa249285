import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { PROPERTY_TEST } from "../../test/property-test.ts";
import { createForce } from "./create-force.ts";
import { mintForceToken } from "./token.ts";

const NOW = 1_700_000_000_000;
const secret = "a secret of 32 characters, no less";
const { link, override } = createForce<Request>({ secret });

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const mint = (lifetimeMs = 60_000) => mintForceToken({ secret, path: "edgezero", lifetimeMs });

/** What the link answers at a site, with a `to` that is taken as it is. */
async function follow(to: string | null = null, site = "https://site.example", method = "GET") {
  const token = await mint();
  const url = `${site}/.edgezero/force?token=${token}${to === null ? "" : `&to=${to}`}`;
  const response = (await link(new Request(url, { method }))) as Response | null;
  return { token, response, location: response?.headers.get("location") };
}

test("a link sets the cookie, and leads to the site's front page", async () => {
  const { token, response } = await follow();
  expect(response?.status).toBe(303);
  expect(response?.body).toBeNull();
  expect(Object.fromEntries(response?.headers ?? [])).toEqual({
    "cache-control": "no-store",
    location: "/",
    "set-cookie": `edgezero_force=${token}; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure`,
  });
});

test("the cookie of a link forces the path, as long as its token counts", async () => {
  const { response } = await follow();
  const cookie = response?.headers.get("set-cookie")?.split(";")[0] ?? "";
  const request = new Request("https://site.example/", { headers: { cookie } });
  const state = { enabled: true, rolloutPct: 10, reason: "bucket", epoch: "ab12cd" } as const;
  expect(await override(request, state)).toBe("edgezero");
  vi.setSystemTime(NOW + 60_000);
  expect(await override(request, state)).toBeNull();
});

test.each([
  { afterMs: 0, maxAge: 60 },
  { afterMs: 1, maxAge: 59 },
  { afterMs: 30_500, maxAge: 29 },
  { afterMs: 58_000, maxAge: 2 },
  { afterMs: 59_000, maxAge: 1 },
  { afterMs: 59_999, maxAge: 1 },
])("the cookie goes when its token expires: $maxAge s left after $afterMs ms", async (row) => {
  const url = `https://site.example/.edgezero/force?token=${await mint()}`;
  vi.setSystemTime(NOW + row.afterMs);
  const response = (await link(new Request(url))) as Response;
  expect(response.headers.get("set-cookie")).toContain(`; Max-Age=${row.maxAge}; `);
});

test.each([
  { site: "https://site.example", isSecure: true },
  { site: "http://site.example", isSecure: true },
  { site: "https://localhost:8443", isSecure: true },
  { site: "http://localhost:8787", isSecure: false },
  { site: "http://127.0.0.1:8787", isSecure: false },
  { site: "http://127.9.9.9", isSecure: false },
  { site: "http://[::1]:8787", isSecure: false },
  { site: "http://localhost.example", isSecure: true },
  { site: "http://127.0.0.1.example", isSecure: true },
  { site: "http://[::2]", isSecure: true },
  { site: "http://10.0.0.1", isSecure: true },
])("the cookie is Secure on $site: $isSecure", async ({ site, isSecure }) => {
  const { response } = await follow(null, site);
  const attributes = response?.headers.get("set-cookie")?.split("; ") ?? [];
  expect(attributes.includes("Secure")).toBe(isSecure);
  expect(attributes).toContain("HttpOnly");
});

describe("a link leads", () => {
  test.each([
    ["/", "/"],
    ["/page", "/page"],
    ["/page%3Fa%3Db%26c", "/page?a=b&c"],
    ["/a/../b", "/b"],
    ["page", "/page"],
    ["%3Fq%3D1", "/?q=1"],
    ["/page%23part", "/page"],
    ["https://site.example/page", "/page"],
    ["https://site.example:443/page", "/page"],
    ["//site.example/page", "/page"],
    ["https:page", "/page"],
    ["/%C3%A9", "/%C3%A9"],
    ["/%250d%250aset-cookie:x", "/%0d%0aset-cookie:x"],
    ["/%0d%0aset-cookie:%20x=y", "/set-cookie:%20x=y"],
    ["/https://evil.example", "/https://evil.example"],
    ["/@evil.example", "/@evil.example"],
    ["", "/"],
  ])("to %s: %s", async (to, location) => {
    expect((await follow(to)).location).toBe(location);
  });

  test.each([
    "https://evil.example/",
    "http://site.example/",
    "https://site.example:8443/",
    "https://site.example.evil.example/",
    "https://site.example@evil.example/",
    "//evil.example",
    "%2F%2Fevil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "%5C%5Cevil.example",
    "\\/evil.example",
    "/%09/evil.example",
    "/%0a/evil.example",
    "/%0d%0a/evil.example",
    "%20//evil.example",
    "%00//evil.example",
    "/.//evil.example",
    "/./\\evil.example",
    "/a/..//evil.example",
    "/%2e//evil.example",
    "/%252e//evil.example",
    "/%2e%2e//evil.example",
    "https:/evil.example/../..//evil.example",
    "http:evil.example",
    "https:\\\\evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "blob:https://site.example/x",
    "blob:http://localhost:8787//evil.example",
    "file:///etc",
    "mailto:a@evil.example",
    "https://",
    "https://[",
    "//",
    "///",
  ])("never off the site: %s", async (to) => {
    for (const site of ["https://site.example", "http://localhost:8787"]) {
      const { location } = await follow(to, site);
      expect(new URL(location ?? "", site).origin).toBe(site);
      expect(location).toMatch(/^\/(?!\/|\\)/);
    }
  });

  test("never off the site, whatever `to` is", PROPERTY_TEST, async () => {
    const part = fc.constantFrom("/", "\\", ".", "..", "//", ":", "@", "?", "#", "\t", "\r\n", " ");
    const word = fc.constantFrom("evil.example", "https", "http", "%2f", "%5c", "%2e", "a", "\0");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(part, word)), async (parts) => {
        const { location } = await follow(encodeURIComponent(parts.join("")));
        expect(new URL(location ?? "", "https://site.example").origin).toBe("https://site.example");
        expect(location).toMatch(/^\/(?![/\\])[!-~]*$/);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("no link, but a request like any", () => {
  test.each(["HEAD", "POST", "PUT", "DELETE", "OPTIONS"])("is a %s", async (method) => {
    expect((await follow("/", "https://site.example", method)).response).toBeNull();
  });

  test.each([
    ["a bad token", "/.edgezero/force?token=bad"],
    ["an empty token", "/.edgezero/force?token="],
    ["no token", "/.edgezero/force"],
    ["another path before it", "/a/.edgezero/force?token=TOKEN"],
    ["another path after it", "/.edgezero/force/?token=TOKEN"],
    ["its path in a query", "/?next=/.edgezero/force&token=TOKEN"],
    ["its path encoded", "/%2eedgezero/force?token=TOKEN"],
    ["its token in a fragment", "/.edgezero/force#token=TOKEN"],
    ["a changed token", "/.edgezero/force?token=TOKENx"],
    ["a bad token before the good one", "/.edgezero/force?token=bad&token=TOKEN"],
  ])("is one with %s", async (_what, path) => {
    const url = `https://site.example${path.replace("TOKEN", await mint())}`;
    expect(await link(new Request(url))).toBeNull();
  });

  test("is one whose token has expired", async () => {
    const url = `https://site.example/.edgezero/force?token=${await mint()}`;
    vi.setSystemTime(NOW + 60_000);
    expect(await link(new Request(url))).toBeNull();
  });

  test("is one that has no origin, and none throws", async () => {
    const url = `/.edgezero/force?token=${await mint()}`;
    const headers = { get: () => null };
    expect(await createForce({ secret }).link({ method: "GET", url, headers })).toBeNull();
  });
});
