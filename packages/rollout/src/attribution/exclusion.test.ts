import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attributedGateway } from "../../test/attributed-gateway.ts";
import { storeOf } from "../../test/scripted-store.ts";
import { PROPERTY_TEST } from "../../test/property-test.ts";
import { canonicalClientIp } from "../client-ip.ts";
import type { Decision } from "../decide.ts";
import { decide } from "../decide.ts";
import { exclusionOf } from "./exclusion.ts";

/** Addresses that share their bucket with the clients that have none. */
const IN_BUCKET_61 = ["203.0.113.91", "2001:db8::4c"];
const SITE = "https://site.example";

async function excluded(
  { ip, url, method }: { ip?: unknown; url?: string; method?: string },
  options: Parameters<typeof attributedGateway> = [],
) {
  const { events, send } = attributedGateway(...options);
  const request = new Request(`${SITE}${url ?? "/"}`, { method: method ?? "GET" });
  await send(request, { ip: (ip === undefined ? "1.2.3.4" : ip) as string });
  expect(events).toHaveLength(1);
  return events[0]?.excluded;
}

describe("a request is evidence", () => {
  test.each(["1.2.3.4", "::1", "2001:DB8::1", "::ffff:1.2.3.4"])("from %s", async (ip) => {
    expect(await excluded({ ip })).toBeNull();
  });

  test.each([
    "/",
    "/healthz",
    "/health/",
    "/Health",
    "/a/health",
    "//health",
    "/%68ealth",
    "/?/health",
    "/search?to=https://other.example/health",
  ])("to %s", async (url) => {
    expect(await excluded({ url, method: "HEAD" })).toBeNull();
  });
});

describe("a request is no evidence", () => {
  test.each(["", "unknown", "1.2.3.4:80", "1.2.3", "01.2.3.4", "fe80::1%eth0", "[::1]", 5, null])(
    "from %j, which is no address",
    async (ip) => {
      expect(await excluded({ ip })).toBe("no-client-address");
    },
  );

  test.each(["PUT", "POST", "OPTIONS"])("where it is a %s of /health", async (method) => {
    expect(await excluded({ url: "/health", method })).toBe("health");
    expect(await excluded({ url: "/health?verbose=1", method })).toBe("health");
  });

  test("where it is a GET of /health that a handler answers", async () => {
    expect(await excluded({ url: "/health" }, [{}, { healthPath: false }])).toBe("health");
    expect(await excluded({ url: "/health" }, [{}, { healthPath: "/-/ready" }])).toBe("health");
  });

  test("where it is for one of healthPaths, and no other then", async () => {
    const healthPaths = ["/-/ready", "/ping"];
    const options = [{ healthPaths }, { healthPath: false }] as const;
    expect(await excluded({ url: "/ping?x" }, [...options])).toBe("health");
    expect(await excluded({ url: "/-/ready" }, [...options])).toBe("health");
    expect(await excluded({ url: "/health" }, [...options])).toBeNull();
  });

  test("where its path was forced, before all other reasons", async () => {
    const forced = { override: () => "legacy" as const };
    expect(await excluded({}, [forced])).toBe("forced");
    expect(await excluded({ ip: null, url: "/health", method: "POST" }, [forced])).toBe("forced");
    expect(await excluded({ ip: null, url: "/health", method: "POST" })).toBe("health");
  });
});

const decision: Decision = { path: "legacy", reason: "rollback", rolloutPct: 0 };

test("whether a client has an address does not depend on how it was decided", PROPERTY_TEST, () => {
  const ip = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.string(),
    fc.constantFrom(null, undefined, "", ...IN_BUCKET_61),
  );
  fc.assert(
    fc.property(ip, fc.integer({ min: 0, max: 100 }), (clientIp, rolloutPct) => {
      const state = { enabled: true, rolloutPct, reason: "bucket", epoch: "ab12cd" } as const;
      const expected = canonicalClientIp(clientIp) === null ? "no-client-address" : null;
      expect(exclusionOf("/", clientIp, decide(state, clientIp), [])).toBe(expected);
    }),
    { numRuns: 100 },
  );
});

test.each(IN_BUCKET_61)("a client in the bucket of no address has one: %s", async (ip) => {
  expect(decide({ ...decision, enabled: true, rolloutPct: 50, epoch: "" }, ip).bucket).toBe(61);
  expect(await excluded({ ip }, [{}, { configStore: storeOf("1", "50") }])).toBeNull();
  const none = [{}, { configStore: storeOf("1", "50") }] as const;
  expect(await excluded({ ip: "unknown" }, [...none])).toBe("no-client-address");
});

test("a URL that is only a path has a path too", () => {
  expect(exclusionOf("/health", "1.2.3.4", decision, ["/health"])).toBe("health");
  expect(exclusionOf("/health?x=//y", "1.2.3.4", decision, ["/health"])).toBe("health");
  expect(exclusionOf("/", "1.2.3.4", decision, ["/health"])).toBeNull();
});
