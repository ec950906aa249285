import { expect, test } from "vitest";
import { mayShareZone, toOrigin, urlAtClient, urlAtOrigin } from "./to-origin.ts";

const CLIENT = "https://shop.example.com//evil.example/x?y=http://z/#a";

test("the URL at an origin keeps the path and the query byte for byte", () => {
  const origin = new URL("http://legacy.internal:8080");
  expect(urlAtOrigin(CLIENT, origin)).toBe(
    "http://legacy.internal:8080//evil.example/x?y=http://z/#a",
  );
});

test.each([
  { origin: "https://legacy.example.com", expected: "https://shop.example.com" },
  { origin: "http://legacy.example.com:8080", expected: "http://shop.example.com:8080" },
])("the URL at the client's name has the scheme and port of $origin", ({ origin, expected }) => {
  expect(urlAtClient(CLIENT, new URL(origin))).toBe(`${expected}//evil.example/x?y=http://z/#a`);
});

test.each([
  { one: "shop.example.com", other: "legacy.example.com", expected: true },
  { one: "example.com", other: "a.b.example.com", expected: true },
  { one: "shop.example.com", other: "legacy.example.org", expected: false },
  { one: "shop.example.com", other: "example.com.evil.org", expected: false },
  { one: "localhost", other: "localhost", expected: false },
  { one: "192.0.2.1", other: "198.51.2.1", expected: false },
])("$one and $other may share a zone: $expected", ({ one, other, expected }) => {
  expect(mayShareZone(one, other)).toBe(expected);
});

test.each([
  { method: "GET", expected: "websocket" },
  { method: "POST", expected: null },
])("the upgrade of a $method is passed on as $expected", ({ method, expected }) => {
  const request = new Request(CLIENT, { method, headers: { upgrade: "WebSocket" } });
  const rules = { sourceOf: (): "everyone" => "everyone", via: "edgezero-0a1b2c3d" };
  const sent = toOrigin(request, { ip: "192.0.2.1" }, "http://legacy.internal/x", rules);
  expect([sent.method, sent.headers.get("upgrade")]).toEqual([method, expected]);
});
