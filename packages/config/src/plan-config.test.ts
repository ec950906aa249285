import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConfigChangedError } from "./config-error.ts";
import { planConfig, writeConfig } from "./plan-config.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plan-config-"));
  path = join(folder, "edgezero.config.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a file that has changed since it was read is not overwritten", async () => {
  writeFileSync(path, '{"environments": {"a": {"store": "file:./a.json"}}}');
  const { change } = await planConfig({ env: "b", store: "file:./b.json" }, {}, folder);
  const others = '{"environments": {"c": {"store": "file:./c.json"}}}';
  writeFileSync(path, others);
  if (change === null) throw new Error("the environment was not planned");
  await expect(writeConfig(change)).rejects.toThrow(ConfigChangedError);
  expect(readFileSync(path, "utf8")).toBe(others);
});

test("a new environment has the store that was given, else the variable's", async () => {
  const variables = { EDGEZERO_STORE: "redis://a:6379" };
  const store = async (options: { store?: string }): Promise<unknown> => {
    const { change } = await planConfig({ env: "b", ...options }, variables, folder);
    return JSON.parse(change?.text ?? "null");
  };
  expect(await store({ store: "redis://b:6379" })).toMatchObject({
    environments: { b: { store: "redis://b:6379" } },
  });
  expect(await store({})).toMatchObject({ environments: { b: { store: "redis://a:6379" } } });
});

const REDIS = "redis://redis.internal";

test.each([
  { name: "its URL", url: REDIS, journal: REDIS },
  {
    name: "the variable, where the URL holds a password",
    url: "redis://:hunter22@redis.internal",
    journal: { urlEnv: "EDGEZERO_JOURNAL" },
  },
])("a new environment has the journal of EDGEZERO_JOURNAL by $name", async ({ url, journal }) => {
  const options = { env: "b", store: "cloudflare://account/namespace" };
  const { change } = await planConfig(options, { EDGEZERO_JOURNAL: url }, folder);
  expect(JSON.parse(change?.text ?? "null")).toMatchObject({ environments: { b: { journal } } });
  expect(change?.text).not.toContain("hunter22");
});

const plan = async (url: string) =>
  planConfig({ env: "b", store: "file:./b.json" }, { EDGEZERO_JOURNAL: url }, folder);

test("a journal that another environment has, or that is none, is refused before anything is written", async () => {
  const there = { environments: { a: { store: "file:./a.json", journal: REDIS } } };
  writeFileSync(path, JSON.stringify(there));
  await expect(plan(REDIS)).rejects.toThrow("is where environment a has its journal");
  await expect(plan("trail.jsonl")).rejects.toThrow("EDGEZERO_JOURNAL names no journal");
  expect((await plan(`${REDIS}?key=b`)).change?.text).toContain("?key=b");
});
