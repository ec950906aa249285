import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSourceOf } from "./header-drop.ts";
import { UNTRUSTED_BY_CLAIM } from "./untrusted-headers.ts";

const sourceOf = createSourceOf({ hasDefault: true, dropped: [], kept: [] });

/** One name of each entry of the list. */
const LISTED = Object.values(UNTRUSTED_BY_CLAIM)
  .flat()
  .map((name) => name.replace("*", "any"));

/** Names with another character in place of a dash. */
const LOOKALIKES = ["_", "."].flatMap((sign) =>
  [...LISTED, "content-length", "transfer-encoding", "x-edgezero-force", "keep-alive"]
    .filter((name) => name.includes("-"))
    .map((name) => name.replaceAll("-", sign)),
);

describe("an origin gets", () => {
  test.each(LISTED)("%s from trusted proxies only", (name) => {
    expect(sourceOf(name)).toBe("proxies");
  });

  test.each(["proxy", "x-forwarded_for", ...LOOKALIKES])("%s from nobody", (name) => {
    expect(sourceOf(name)).toBe("nobody");
  });

  test.each([
    "accept",
    "authorization",
    "cookie",
    "user-agent",
    "via",
    "x-requested-with",
    "x-http-method-override",
    "x-forward",
    "x-request-id",
    "traceparent",
    "x_custom",
    "my_header-name",
    "proxy-status",
    "x-real-ip2",
  ])("%s from everyone", (name) => {
    expect(sourceOf(name)).toBe("everyone");
  });
});

describe("a list of one's own", () => {
  const own = createSourceOf({
    hasDefault: true,
    dropped: ["x-tenant", "x-our-*"],
    kept: ["x-original-url", "x-forwarded-*"],
  });

  test.each([
    { name: "x-tenant", source: "proxies" },
    { name: "x_tenant", source: "nobody" },
    { name: "x-our-thing", source: "proxies" },
    { name: "x-original-url", source: "everyone" },
    { name: "x-original-host", source: "proxies" },
    { name: "x-forwarded-for", source: "everyone" },
    { name: "x_forwarded_for", source: "nobody" },
  ] as const)("$name: $source", ({ name, source }) => {
    expect(own(name)).toBe(source);
  });

  test("without the default, only that counts, and what no proxy writes", () => {
    const few = createSourceOf({ hasDefault: false, dropped: ["x-tenant"], kept: [] });
    const names = ["x-tenant", "x-real-ip", "x_real_ip"];
    expect(names.map(few)).toEqual(["proxies", "everyone", "nobody"]);
  });
});

test("the answer is the same each time, however many names come", () => {
  const many = createSourceOf({ hasDefault: true, dropped: [], kept: [] });
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z_.-]{1,12}$/), (name) => {
      const first = many(name);
      for (let i = 0; i < 10; i++) many(`${name}${i}`);
      expect(many(name)).toBe(first);
    }),
    { numRuns: 200 },
  );
});
