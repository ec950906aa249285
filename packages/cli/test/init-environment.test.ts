import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "@edgezero/config";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Operator } from "./operator.ts";
import { createOperator } from "./operator.ts";

let operator: Operator;
let path: string;

beforeEach(() => {
  operator = createOperator();
  path = join(operator.folder, "edgezero.config.json");
});
afterEach(() => operator.cleanUp());

const PROBE = { secretEnv: "EDGEZERO_PROBE_SECRET" };
const config = (): unknown => JSON.parse(readFileSync(path, "utf8"));

test("a first file has the schema beside it, and is valid", async () => {
  const { code, stdout } = await operator.run("init");
  expect(code).toBe(0);
  expect(stdout).toContain("openssl rand -base64 32");
  const { $schema } = config() as { $schema: string };
  const schema: unknown = JSON.parse(readFileSync(join(operator.folder, $schema), "utf8"));
  expect(schema).toMatchObject({ title: "EdgeZero rollout", type: "object" });
  expect(await loadConfig({ config: path }, "/")).not.toBeNull();
});

test("the schema of an installed package is used where it is", async () => {
  const installed = "node_modules/edgezero-rollout/schema";
  mkdirSync(join(operator.folder, installed), { recursive: true });
  writeFileSync(join(operator.folder, installed, "edgezero.config.schema.json"), "{}");
  await operator.run("init");
  expect(config()).toMatchObject({ $schema: `./${installed}/edgezero.config.schema.json` });
  expect(existsSync(join(operator.folder, "edgezero.config.schema.json"))).toBe(false);
});

test("the secret is not offered where it is set", async () => {
  const { stdout } = await operator.run("init", { EDGEZERO_PROBE_SECRET: "x".repeat(40) });
  expect(stdout).not.toContain("openssl");
});

test("--env adds an environment with its store, and keeps all else", async () => {
  writeFileSync(
    path,
    '{"environments": {"a": {"store": "file:./a.json"}}, "plan": [{"pct": 5, "hold": "90s"}]}',
  );
  const { code, stdout } = await operator.run("init --env b --store file:./b.json");
  expect(code).toBe(0);
  const location = `file:${join(operator.folder, "b.json")}`;
  expect(stdout).toContain(`environment b written: ${path}, for ${location}\n`);
  expect(config()).toEqual({
    environments: { a: { store: "file:./a.json" }, b: { store: "file:./b.json", probe: PROBE } },
    plan: [{ pct: 5, hold: "90s" }],
  });
  expect(JSON.parse(readFileSync(join(operator.folder, "b.json"), "utf8"))).toEqual({
    edgezero_enabled: "false",
    edgezero_rollout_pct: "0",
  });
  const status = await operator.run("status --env b --json");
  expect(status.document).toMatchObject({ environment: "b" });
  expect((await operator.run("init --env b")).code).toBe(0);
});

test("from a folder below, the store's path is relative to the config file", async () => {
  writeFileSync(path, "{}");
  mkdirSync(join(operator.folder, "deep"));
  const store = "file:../rollout.json";
  const run = await operator.run(
    `init --config ${path} --env b --store file:./deep/b.json --dry-run`,
  );
  expect(run.code).toBe(0);
  expect(config()).toEqual({});
  const { runCli } = await import("./run-cli.ts");
  const args = ["init", "--env", "c", "--store", store];
  expect((await runCli(args, { cwd: join(operator.folder, "deep") })).code).toBe(0);
  expect(config()).toEqual({ environments: { c: { store: "file:./rollout.json", probe: PROBE } } });
});

test.each([
  {
    name: "another store for an environment that is there",
    args: "init --env a --store file:./other.json",
    why: "has an environment a with another store",
  },
  { name: "no store", args: "init --env b", env: { EDGEZERO_STORE: "" }, why: "no store is named" },
  { name: "a name that is none", args: 'init --env "b c"', why: '--env "b c" cannot name' },
  {
    name: "a store with a password",
    args: "init --env b --store redis://ann:hunter2222@127.0.0.1:1",
    why: "holds a password",
  },
])("$name is refused, and nothing is written", async ({ args, env = {}, why }) => {
  writeFileSync(path, '{"environments": {"a": {"store": "file:./a.json"}}}');
  const { code, stdout, stderr } = await operator.run(args, env);
  expect(code).toBe(2);
  expect(stderr).toContain(why);
  expect(stdout + stderr).not.toContain("hunter2222");
  expect(config()).toEqual({ environments: { a: { store: "file:./a.json" } } });
});

test("a config that is code is told what to add", async () => {
  writeFileSync(join(operator.folder, "edgezero.config.ts"), "export default {};");
  const { code, stderr } = await operator.run("init --env b --store file:./b.json");
  expect(code).toBe(2);
  expect(stderr).toContain('{"b":{"store":"file:./b.json"');
});
