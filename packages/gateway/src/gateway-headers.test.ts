import { expect, test } from "vitest";
import { deleteGatewayHeaders, GATEWAY_HEADERS, withoutGatewayHeaders } from "./gateway-headers.ts";

test.each([...GATEWAY_HEADERS])("an origin's %s is taken away, and nothing else", async (name) => {
  const headers: [string, string][] = [
    [name.toUpperCase(), "forged"],
    ["set-cookie", "a=1"],
    ["set-cookie", "b=2"],
    ["x-kept", "yes"],
  ];
  const response = withoutGatewayHeaders(
    new Response("body", { status: 418, statusText: "Short and stout", headers }),
  );
  expect([response.status, response.statusText]).toEqual([418, "Short and stout"]);
  expect(response.headers.has(name)).toBe(false);
  expect(response.headers.get("x-kept")).toBe("yes");
  expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  expect(await response.text()).toBe("body");
});

test("a response with immutable headers is no hindrance", () => {
  const fixed = Response.redirect("https://www.example.com/", 302);
  expect(withoutGatewayHeaders(fixed)).toBe(fixed);
  Object.defineProperty(fixed.headers, "has", { value: () => true });
  expect(withoutGatewayHeaders(fixed).headers.get("location")).toBe("https://www.example.com/");
});

test.each([
  ["edgezero_force=token", null],
  [" edgezero_force=token ", null],
  ["edgezero_force=a; edgezero_force=b", null],
  ["a=b; edgezero_force=token; c=d", "a=b; c=d"],
  ["edgezero_force=token; c=d", "c=d"],
  ["a=b;edgezero_force=token", "a=b"],
  ["xedgezero_force=a; edgezero_forced=b", "xedgezero_force=a; edgezero_forced=b"],
  ['a="b"; c', 'a="b"; c'],
])("a request's cookie %j is %j for an origin", (cookie, left) => {
  const headers = new Headers({ cookie });
  deleteGatewayHeaders(headers);
  expect(headers.get("cookie")).toBe(left);
});
