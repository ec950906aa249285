import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HostNames } from "./names.ts";
import { translateRawHeaders } from "./response-headers.ts";

const ORIGIN = new URL("http://legacy.internal:8080");
const CLIENTS: HostNames["client"][] = [
  { scheme: "https", host: "shop.example" },
  { scheme: "http", host: "shop.example:81" },
  { scheme: "http", host: null },
];

function translated(name: string, value: string, client = CLIENTS[0]): string {
  const raw = [name, value];
  if (client !== undefined) translateRawHeaders(raw, () => ({ origin: ORIGIN, client }));
  return raw[1] ?? "";
}

const part = fc.stringMatching(/^[a-z\d%:@/\\?#.;,="' -]{0,12}$/);
const anyLocation = fc.oneof(
  fc.string(),
  fc.webUrl(),
  fc
    .tuple(
      fc.constantFrom("http:", "HTTPS:", "", "ftp:"),
      fc.constantFrom("//", "/", "\\\\", "/\\", ""),
      fc.constantFrom("", "user@"),
      fc.constantFrom("legacy.internal", "LEGACY.internal.", "other.example"),
      fc.constantFrom("", ":8080", ":80", ":9090"),
      part,
    )
    .map((parts) => parts.join("")),
);

/** Where a browser at `base` goes; `null` where it goes nowhere. */
function browse(location: string, base: string): URL | null {
  try {
    return new URL(location, base);
  } catch {
    return null;
  }
}

function tail(url: URL | null): string {
  return `${url?.search}${url?.hash}`;
}

function namesOrigin({ protocol, hostname, port }: URL): boolean {
  const isHttp = protocol === "http:" || protocol === "https:";
  const isPort = port === "" || port === ORIGIN.port;
  return isHttp && isPort && hostname.replace(/\.$/, "") === ORIGIN.hostname;
}

describe.each(CLIENTS)("for the client $scheme $host", (client) => {
  const base = `${client.scheme}://${client.host ?? "unknown.example"}/a/b`;

  test("a location of the origin leads to the client's host, and every other where it led", () => {
    fc.assert(
      fc.property(anyLocation, (location) => {
        const before = browse(location, base);
        const after = browse(translated("location", location, client), base);
        const isOrigins = before !== null && namesOrigin(before);
        expect(isOrigins ? [after?.host, tail(after)] : after?.href).toEqual(
          isOrigins ? [new URL(base).host, tail(before)] : before?.href,
        );
      }),
      { numRuns: 2000 },
    );
  });

  test("to translate twice changes nothing more", () => {
    fc.assert(
      fc.property(anyLocation, (location) => {
        const once = translated("location", location, client);
        expect(translated("location", once, client)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });
});

test("every value of every header is taken", () => {
  const names = fc.constantFrom("location", "refresh", "link", "set-cookie", "content-location");
  fc.assert(
    fc.property(names, fc.oneof(anyLocation, part), (name, value) => {
      expect(typeof translated(name, value)).toBe("string");
    }),
    { numRuns: 1000 },
  );
});
