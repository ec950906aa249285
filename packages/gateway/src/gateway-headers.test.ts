import { expect, test } from "vitest";
import { deleteForceCookie } from "./gateway-headers.ts";

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
  deleteForceCookie(headers);
  expect(headers.get("cookie")).toBe(left);
});
