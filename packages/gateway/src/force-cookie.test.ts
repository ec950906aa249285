import * as fc from "fast-check";
import { expect, test } from "vitest";
import { withoutForceCookie } from "./force-cookie.ts";

test.each([
  ["edgezero_force=token", ""],
  [" edgezero_force=token ", ""],
  ["edgezero_force=a; edgezero_force=b", ""],
  ["a=b; edgezero_force=token; c=d", "a=b; c=d"],
  ["a=b;edgezero_force=token;c=d", "a=b;c=d"],
  ["edgezero_force=token; c=d", "c=d"],
  ["a=b; edgezero_force = token", "a=b"],
  ["a=b;\tedgezero_force\t=token", "a=b"],
  ['edgezero_force="token"; c=d', "c=d"],
  ["EdgeZero_Force=token; c=d", "c=d"],
  ["edgezero%5Fforce=token; c=d", "c=d"],
  ["%65dgezero_force=token", ""],
  ["edgezero_force", ""],
  ["edgezero_force=", ""],
  ["edgezero_force=a=b; c=d", "c=d"],
  ["a=b, edgezero_force=token; c=d", "a=b; c=d"],
  ["edgezero_force=token, c=d", "c=d"],
  ["xedgezero_force=a; edgezero_forced=b", "xedgezero_force=a; edgezero_forced=b"],
  ["a=edgezero_force; %zz=1; edgezero=2", "a=edgezero_force; %zz=1; edgezero=2"],
  [' a="b, c" ;; d', ' a="b, c" ;; d'],
])("of %j an origin gets %j", (cookie, left) => {
  expect(withoutForceCookie(cookie)).toBe(left);
});

const piece = fc.stringMatching(/^[a-z%=" ]{0,8}$/);
const token = fc.constantFrom(
  "edgezero_force=TOKEN",
  " EDGEZERO_FORCE = TOKEN",
  "edgezero%5fforce=TOKEN",
  '\tedgezero_force="TOKEN"',
);

test("no token is left, wherever it stands, and every other cookie is", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, token)), fc.constantFrom(";", "; ", ", "), (all, sign) => {
      const left = withoutForceCookie(all.join(sign));
      expect(left).not.toContain("TOKEN");
      const others = all.filter((each) => !each.includes("TOKEN")).map((each) => each.trim());
      expect(left.split(/[;,]/).map((each) => each.trim())).toEqual(
        others.length === 0 ? [""] : others,
      );
    }),
    { numRuns: 500 },
  );
});
