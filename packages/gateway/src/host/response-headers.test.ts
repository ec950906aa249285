import { describe, expect, test } from "vitest";
import type { HostNames } from "./names.ts";
import { GATEWAY_HEADERS } from "../gateway-headers.ts";
import { toClientHeaders, translateRawHeaders } from "./response-headers.ts";

const ORIGIN = new URL("http://legacy.internal:8080");
const NAMES: HostNames = { origin: ORIGIN, client: { scheme: "https", host: "shop.example" } };
const PLAIN: HostNames = { origin: ORIGIN, client: { scheme: "http", host: "shop.example:81" } };
const UNNAMED: HostNames = { origin: ORIGIN, client: { scheme: "http", host: null } };

/** One header as the client gets it, by both forms of headers. */
function translated(name: string, value: string, names: HostNames = NAMES): string | null {
  const raw = [name, value];
  translateRawHeaders(raw, () => names);
  return raw[1] ?? null;
}

interface Row {
  readonly name: string;
  readonly given: string;
  readonly expected: string;
  readonly names?: HostNames;
}

describe("Location", () => {
  test.each<Row>([
    {
      name: "the origin",
      given: "http://legacy.internal:8080/docs/?a=b#c",
      expected: "https://shop.example/docs/?a=b#c",
    },
    {
      name: "without the port, which an application may not know",
      given: "http://legacy.internal/docs/",
      expected: "https://shop.example/docs/",
    },
    {
      name: "in other letters, with a dot",
      given: "HTTP://Legacy.INTERNAL.:8080/Docs",
      expected: "https://shop.example/Docs",
    },
    {
      name: "percent-encoded",
      given: "http://%6cegacy.internal:8080/x",
      expected: "https://shop.example/x",
    },
    {
      name: "without a path",
      given: "http://legacy.internal:8080",
      expected: "https://shop.example",
    },
    {
      name: "with a query alone",
      given: "http://legacy.internal:8080?a",
      expected: "https://shop.example?a",
    },
    {
      name: "with a user",
      given: "http://user:pw@legacy.internal:8080/x",
      expected: "https://user:pw@shop.example/x",
    },
    { name: "without a scheme", given: "//legacy.internal:8080/x", expected: "//shop.example/x" },
    {
      name: "with backslashes, which browsers take for slashes",
      given: "http:\\\\legacy.internal:8080\\x",
      expected: "https://shop.example/x",
    },
    {
      name: "bytes that are no URL's",
      given: "http://legacy.internal:8080/caf\u00c3\u00a9 x",
      expected: "https://shop.example/caf\u00c3\u00a9 x",
    },
    {
      name: "a client on a port",
      given: "http://legacy.internal:8080/x",
      names: PLAIN,
      expected: "http://shop.example:81/x",
    },
    {
      name: "the step up to https stays one",
      given: "https://legacy.internal/x",
      names: PLAIN,
      expected: "https://shop.example:81/x",
    },
    {
      name: "a client that names no host stays where it is",
      given: "http://legacy.internal:8080/x?y",
      names: UNNAMED,
      expected: "/x?y",
    },
    {
      name: "and is not led elsewhere by two slashes",
      given: "http://legacy.internal:8080//evil.example/x",
      names: UNNAMED,
      expected: "/.//evil.example/x",
    },
    {
      name: "nor by none",
      given: "http://legacy.internal:8080?x",
      names: UNNAMED,
      expected: "/?x",
    },
  ])("$name", ({ given, expected, names }) => {
    expect(translated("Location", given, names)).toBe(expected);
  });

  test.each([
    "/docs/",
    "docs/",
    "?page=2",
    "#top",
    "",
    "https://www.example.com/login?back=http://legacy.internal:8080/",
    "http://legacy.internal:9090/x",
    "http://not-legacy.internal:8080/",
    "http://legacy.internal.evil.example:8080/",
    "http://internal:8080/",
    "mailto:admin@legacy.internal",
    "ftp://legacy.internal/x",
    "http://[",
    "legacy.internal:8080/x",
    "http://evil.example\\@legacy.internal:8080/",
  ])("%j stays as it is", (given) => {
    expect(translated("location", given)).toBe(given);
  });
});

test.each<Row>([
  {
    name: "Content-Location",
    given: "http://legacy.internal:8080/a",
    expected: "https://shop.example/a",
  },
  {
    name: "Refresh",
    given: "5; url=http://legacy.internal:8080/a",
    expected: "5; url=https://shop.example/a",
  },
  {
    name: "Refresh",
    given: "0;URL='http://legacy.internal:8080/a'",
    expected: "0;URL='https://shop.example/a'",
  },
  {
    name: "Refresh",
    given: '0, "http://legacy.internal:8080/a" x',
    expected: '0, "https://shop.example/a" x',
  },
  { name: "Refresh", given: "0 http://legacy.internal/a", expected: "0 https://shop.example/a" },
  { name: "Refresh", given: "5", expected: "5" },
  { name: "Refresh", given: "5; url=/a", expected: "5; url=/a" },
  {
    name: "Refresh",
    given: "http://legacy.internal:8080/",
    expected: "http://legacy.internal:8080/",
  },
  {
    name: "Link",
    given: '<http://legacy.internal:8080/a?page=2>; rel="next", </b>; rel=prev',
    expected: '<https://shop.example/a?page=2>; rel="next", </b>; rel=prev',
  },
])("$name: $given", ({ name, given, expected }) => {
  expect(translated(name, given)).toBe(expected);
});

describe("a cookie's Domain", () => {
  const alike: HostNames = {
    origin: new URL("https://origin.example.com"),
    client: { scheme: "https", host: "Shop.example.com:8443" },
  };

  test.each<Row>([
    {
      name: "the origin's is the client's",
      given: "a=b; Path=/; Domain=legacy.internal; HttpOnly",
      expected: "a=b; Path=/; Domain=shop.example; HttpOnly",
    },
    {
      name: "with a dot",
      given: "a=b;domain=.legacy.internal",
      expected: "a=b;domain=shop.example",
    },
    {
      name: "in other letters",
      given: "a=b; DOMAIN = Legacy.Internal",
      expected: "a=b; DOMAIN =shop.example",
    },
    {
      name: "twice, of which the last counts",
      given: "a=b; domain=x.example; domain=legacy.internal",
      expected: "a=b; domain=x.example; domain=shop.example",
    },
    {
      name: "of the origin and of the client",
      given: "a=b; Domain=example.com",
      names: alike,
      expected: "a=b; Domain=example.com",
    },
    {
      name: "of the origin alone",
      given: "a=b; Domain=origin.example.com",
      names: alike,
      expected: "a=b; Domain=shop.example.com",
    },
    {
      name: "above the origin, and not above the client",
      given: "a=b; Domain=internal.example",
      names: { origin: new URL("http://legacy.internal.example"), client: NAMES.client },
      expected: "a=b; Domain=shop.example",
    },
    { name: "of neither", given: "a=b; Domain=ads.example", expected: "a=b; Domain=ads.example" },
    { name: "a single label", given: "a=b; Domain=internal", expected: "a=b; Domain=internal" },
    { name: "empty", given: "a=b; Domain=", expected: "a=b; Domain=" },
    {
      name: "a value that looks like it",
      given: "a=domain=legacy.internal",
      expected: "a=domain=legacy.internal",
    },
    {
      name: "a client without a host",
      given: "a=b; Domain=legacy.internal; Secure",
      names: UNNAMED,
      expected: "a=b; Secure",
    },
    {
      name: "a client's IPv6 address, which no browser accepts there",
      given: "a=b; Domain=legacy.internal",
      names: { origin: ORIGIN, client: { scheme: "http", host: "[::1]:8787" } },
      expected: "a=b",
    },
  ])("$name", ({ given, expected, names }) => {
    expect(translated("Set-Cookie", given, names)).toBe(expected);
  });
});

test("Alt-Svc is dropped: it is of the origin's name", () => {
  const raw = ["Alt-Svc", 'h3="legacy.internal:443"; ma=86400', "X-Kept", "yes"];
  translateRawHeaders(raw, () => NAMES);
  expect(raw).toEqual(["X-Kept", "yes"]);
});

test("cookies keep their number and their order, and other headers their values", () => {
  const headers = new Headers({ "x-kept": "http://legacy.internal:8080/", location: "/x" });
  const cookies = ["a=1; domain=legacy.internal", "b=2", "a=3; domain=legacy.internal"];
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  toClientHeaders(headers, () => NAMES);
  expect(headers.getSetCookie()).toEqual([
    "a=1; domain=shop.example",
    "b=2",
    "a=3; domain=shop.example",
  ]);
  expect(headers.get("x-kept")).toBe("http://legacy.internal:8080/");
  expect(headers.get("location")).toBe("/x");
});

test.each([...GATEWAY_HEADERS])("an origin's %s is taken away, and nothing else", (name) => {
  const headers = new Headers([
    [name.toUpperCase(), "forged"],
    ["set-cookie", "a=1"],
    ["set-cookie", "b=2"],
    ["location", "http://legacy.internal:8080/"],
    ["x-kept", "yes"],
  ]);
  toClientHeaders(headers, () => null);
  expect([...headers]).toEqual([
    ["location", "http://legacy.internal:8080/"],
    ["set-cookie", "a=1"],
    ["set-cookie", "b=2"],
    ["x-kept", "yes"],
  ]);
});
