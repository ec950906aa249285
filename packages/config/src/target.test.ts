import { describe, expect, test } from "vitest";
import type { RolloutConfig } from "./config-schema.ts";
import type { JournalConfig } from "./journal-config.ts";
import type { TargetOptions } from "./target.ts";
import { targetOf } from "./target.ts";

const CONFIG: RolloutConfig = {
  plan: [{ pct: 5, hold: "1h" }],
  defaultEnvironment: "staging",
  environments: {
    staging: { store: "file:./a.json", audit: "trails/a.jsonl" },
    production: { store: "redis://ann:secret@redis.internal", plan: [{ pct: 100, hold: "1d" }] },
  },
};
const LOADED = { path: "/site/edgezero.config.json", folder: "/site", config: CONFIG };

interface Case {
  readonly name: string;
  readonly options?: TargetOptions;
  readonly variable?: string;
  readonly url: string;
  readonly environment: string | null;
  readonly firstPct: number;
}

const CASES: readonly Case[] = [
  {
    name: "the default environment where nothing is named",
    url: "file:///site/a.json",
    environment: "staging",
    firstPct: 5,
  },
  {
    name: "an environment by its name, with a plan of its own",
    options: { env: "production" },
    variable: "file:./b.json",
    url: "redis://ann:secret@redis.internal",
    environment: "production",
    firstPct: 100,
  },
  {
    name: "EDGEZERO_STORE before the default environment",
    variable: "file:./b.json",
    url: "file:///site/sub/b.json",
    environment: null,
    firstPct: 5,
  },
  {
    name: "--store before EDGEZERO_STORE",
    options: { store: "file:./c.json" },
    variable: "file:./b.json",
    url: "file:///site/sub/c.json",
    environment: null,
    firstPct: 5,
  },
  {
    name: "a file, whatever the case of its scheme",
    options: { store: "FILE:../a.json" },
    url: "file:///site/a.json",
    environment: "staging",
    firstPct: 5,
  },
  {
    name: "the environment that has the given URL",
    options: { store: "file:../a.json" },
    url: "file:///site/a.json",
    environment: "staging",
    firstPct: 5,
  },
];

describe("the target is", () => {
  test.each(CASES)("$name", ({ options = {}, variable, url, environment, firstPct }) => {
    const target = targetOf(options, { EDGEZERO_STORE: variable }, "/site/sub", LOADED);
    expect(target).toMatchObject({ storeUrl: url, environment });
    expect(target.plan?.[0]?.pct).toBe(firstPct);
  });
});

const fileAt = (path: string) => ({ kind: "file", path });

const REDIS = "redis://redis.internal?key=shop";
const journalOf = (journal: JournalConfig, variables: Record<string, string> = {}) => {
  const environments = { shop: { store: "file:./a.json", journal } };
  return targetOf({}, variables, "/", { ...LOADED, config: { environments } }).journal;
};

describe("the trail", () => {
  test("is in the Redis that the environment names, or whose URL is in a variable that it names", () => {
    const secret = "redis://ann:hunter22@redis.internal";
    const variables = { SHOP_JOURNAL: secret, EDGEZERO_JOURNAL: "redis://other" };
    expect(journalOf(REDIS, variables)).toEqual({ kind: "redis", url: REDIS });
    expect(journalOf({ urlEnv: "SHOP_JOURNAL" }, variables)).toEqual({
      kind: "redis",
      url: secret,
    });
  });

  test.each([
    { name: "not set", variables: {}, why: "SHOP_JOURNAL is not set: it has the journal's URL" },
    { name: "no URL", variables: { SHOP_JOURNAL: "hunter22" }, why: "the URL of a Redis" },
    { name: "a wrong URL", variables: { SHOP_JOURNAL: "redis://:hunter22@" }, why: "a Redis URL" },
  ])("in a variable that is $name is in no other place, and says why", ({ variables, why }) => {
    const journal = journalOf({ urlEnv: "SHOP_JOURNAL" }, variables);
    expect(journal).toMatchObject({ kind: "unknown", why: expect.stringContaining(why) });
    expect(JSON.stringify(journal)).not.toContain("hunter22");
  });

  test("is where EDGEZERO_JOURNAL says for a store that belongs to no environment, and for no other", () => {
    const variables = { EDGEZERO_JOURNAL: REDIS };
    const redis = { kind: "redis", url: REDIS };
    expect(targetOf({ store: "file:./c.json" }, variables, "/x", null).journal).toEqual(redis);
    expect(targetOf({}, variables, "/", LOADED).journal).toEqual(fileAt("/site/trails/a.jsonl"));
  });

  test("lies where the environment says", () => {
    expect(targetOf({}, {}, "/", LOADED).journal).toEqual(fileAt("/site/trails/a.jsonl"));
  });

  test("lies beside the file of a file store", () => {
    const target = targetOf({ store: "file:./c.json" }, {}, "/x", null);
    expect(target.journal).toEqual(fileAt("/x/c.audit.jsonl"));
  });

  test("else lies in the project, by a name without credentials that differs for each store", () => {
    const paths = ["fastly://a_b", "fastly://a-b", "redis://u:hunter22@host"].map((store) => {
      const { journal } = targetOf({ store }, {}, "/x", null);
      return journal.kind === "file" ? journal.path : "";
    });
    expect(new Set(paths).size).toBe(3);
    expect(paths.every((path) => path.startsWith("/x/.edgezero/"))).toBe(true);
    expect(paths.join()).not.toContain("hunter22");
  });
});

test("its secrets are the passwords of store and journal", () => {
  const environments = {
    shop: { store: "redis://:store-word@a", journal: "redis://:journal-word@b" },
  };
  const { secrets } = targetOf({}, {}, "/", { ...LOADED, config: { environments } });
  expect(secrets).toEqual(["store-word", "journal-word"]);
});

test("the gateways and the secret are the environment's", () => {
  const environment = {
    store: "file:./a.json",
    urls: ["http://a.test"],
    instances: 4,
    probe: { secretEnv: "SHOP_SECRET" },
  };
  const loaded = { ...LOADED, config: { environments: { shop: environment } } };
  expect(targetOf({}, {}, "/", loaded)).toMatchObject({
    urls: ["http://a.test/"],
    instances: 4,
    probeSecretEnv: "SHOP_SECRET",
  });
  expect(targetOf({ store: "file:./b.json" }, {}, "/", loaded)).toMatchObject({
    urls: [],
    instances: null,
    probeSecretEnv: "EDGEZERO_PROBE_SECRET",
  });
});

test.each([
  { name: "no store at all", options: {}, loaded: null, message: "no store is named" },
  { name: "no config file", options: { env: "x" }, loaded: null, message: "there is no config" },
  {
    name: "no such environment",
    options: { env: "x" },
    loaded: LOADED,
    message: 'environment "x"',
  },
])("$name is refused", ({ options, loaded, message }) => {
  expect(() => targetOf(options, {}, "/", loaded)).toThrow(message);
});
