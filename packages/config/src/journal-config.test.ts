import { describe, expect, test } from "vitest";
import type { EnvironmentConfig } from "./config-schema.ts";
import { configSchema } from "./config-schema.ts";

const REDIS = "redis://redis.internal:6379";

function findings(environments: Record<string, unknown>): string[] {
  const issues = configSchema.safeParse({ environments }).error?.issues ?? [];
  return issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

const shop = (more: Partial<EnvironmentConfig>): Record<string, unknown> => ({
  shop: { store: "cloudflare://account/namespace", ...more },
});

describe("the journal of an environment", () => {
  test.each([
    { name: "a Redis", journal: REDIS },
    { name: "a Redis over TLS with a key", journal: "rediss://redis.internal/2?key=shop" },
    { name: "a variable", journal: { urlEnv: "SHOP_JOURNAL" } },
  ])("may be $name", ({ journal }) => {
    expect(findings(shop({ journal }))).toEqual([]);
  });

  test.each([
    { name: "a path", journal: "trail.jsonl", why: "`audit` is for a file" },
    { name: "another scheme", journal: "postgres://u:hunter22@host", why: "the URL of a Redis" },
    { name: "another parameter", journal: `${REDIS}?list=a`, why: "no parameter but key" },
    { name: "an unescaped password", journal: "redis://u:hunt/er@22@host", why: "percent-encoded" },
    {
      name: "no variable's name",
      journal: { urlEnv: "a-b" },
      why: "name of an environment variable",
    },
  ])("may not be $name: the finding names it, and quotes no password", ({ journal, why }) => {
    const told = findings(shop({ journal })).join();
    expect(told).toContain("environments.shop.journal");
    expect(told).toContain(why);
    expect(told).not.toContain("hunt");
  });

  test("is not beside a file's", () => {
    expect(findings(shop({ journal: REDIS, audit: "a.jsonl" }))).toEqual([
      "environments.shop.journal: one of audit and journal: a trail is in a file or in Redis",
    ]);
  });

  test.each([
    { name: "the same URL", journal: REDIS },
    {
      name: "another spelling of it",
      journal: "redis://redis.internal/0?key=trusted_server_config",
    },
    { name: "the place of another store", journal: "redis://stores.internal" },
  ])("is that of another store: $name", ({ journal }) => {
    const environments = {
      one: { store: "redis://stores.internal", journal: REDIS },
      two: { store: "cloudflare://account/namespace", journal },
    };
    expect(findings(environments).join()).toContain("environments.two.journal: a place of its own");
  });

  test("may be beside the keys of its own store, and that of the same store elsewhere", () => {
    const one = { store: REDIS, journal: REDIS };
    expect(findings({ one, two: one })).toEqual([]);
    const other = { store: "redis://stores.internal", journal: `${REDIS}?key=other` };
    expect(findings({ one, other })).toEqual([]);
  });
});
