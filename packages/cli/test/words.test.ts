import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Operator } from "./operator.ts";
import { AT_10, createOperator } from "./operator.ts";

let operator: Operator;

beforeEach(() => {
  operator = createOperator();
});
afterEach(() => operator.cleanUp());

describe("--dry-run", () => {
  test.each([
    { args: "set 50", shows: 'edgezero_rollout_pct "50"' },
    { args: "set 5%", shows: 'edgezero_rollout_pct "5"' },
    { args: "disable", shows: 'edgezero_enabled "false"' },
    { args: "rollback", shows: 'edgezero_rollout_pct "0"' },
    { args: "rollback --disable", shows: 'edgezero_enabled "false"' },
    { args: "init", shows: "edgezero.config.json would be written" },
  ])("of $args shows the change and writes nothing", async ({ args, shows }) => {
    const { code, stdout } = await operator.run(`${args} --dry-run`);
    expect(code).toBe(0);
    expect(stdout).toContain("dry run, nothing was written");
    expect(stdout).toContain(shows);
    expect(operator.values()).toEqual(AT_10);
    expect(readdirSync(operator.folder)).toEqual(["rollout.json"]);
  });

  test("of enable", async () => {
    operator.put({ ...AT_10, edgezero_enabled: "false" });
    const run = await operator.run("enable --dry-run --json");
    expect(run.document).toMatchObject({ ok: true, dryRun: true, written: false });
    expect(run.document["to"]).toEqual({ edgezero_enabled: "true" });
    expect(readdirSync(operator.folder)).toEqual(["rollout.json"]);
  });

  test("is refused as the change would be", async () => {
    const plan = '{"plan": [{"pct": 10, "hold": "45s"}, {"pct": 20, "hold": "1h"}]}';
    writeFileSync(join(operator.folder, "edgezero.config.json"), plan);
    expect((await operator.run("set 50 --dry-run")).code).toBe(3);
  });
});

test("-y and -m are --yes and --reason", async () => {
  expect((await operator.run('set 50 -y -m "stage 3"')).code).toBe(0);
  expect(operator.entries()[0]).toMatchObject({ reason: "stage 3" });
  const { stdout } = await operator.run('rollback -y -m "enough"');
  expect(stdout).not.toBe("");
  expect(
    operator.entries().find((entry) => "reason" in entry && entry.reason === "enough"),
  ).toBeDefined();
});

test("--store reads no plan, and says so where it goes up", async () => {
  const plan = '{"plan": [{"pct": 10, "hold": "1h"}, {"pct": 20, "hold": "1h"}]}';
  const config = join(operator.folder, "edgezero.config.json");
  writeFileSync(config, plan);
  const store = "--store file:./rollout.json";
  expect((await operator.run(`set 60 -y ${store} --config ${config}`)).code).toBe(3);
  const { code, stderr } = await operator.run(`set 60 -y ${store}`);
  expect(code).toBe(0);
  expect(stderr).toContain("no plan is checked: with --store");
  expect((await operator.run(`set 5 ${store}`)).stderr).not.toContain("no plan is checked");
});

test("an environment says who acts, unless the command or the shell does", async () => {
  const config = {
    environments: { a: { store: "file:./rollout.json", operator: "on-call" } },
  };
  writeFileSync(join(operator.folder, "edgezero.config.json"), JSON.stringify(config));
  const env = { EDGEZERO_STORE: "", EDGEZERO_OPERATOR: "" };
  await operator.run("set 3", env);
  await operator.run("set 2 --as bob", env);
  await operator.run("set 1", { ...env, EDGEZERO_OPERATOR: "ann" });
  const who = operator.entries().map((entry) => entry.who);
  expect(who).toEqual(["on-call", "on-call", "bob", "bob", "ann", "ann"]);
});

test("status shows where the rollout is in its plan", async () => {
  const plan = '{"plan": [{"pct": 10, "hold": "2h"}, {"pct": 50, "hold": "1d"}]}';
  writeFileSync(join(operator.folder, "edgezero.config.json"), plan);
  const before = await operator.run("status");
  expect(before.stdout).toContain(
    "stage 1 of 2 · 10% · held since an unknown time, of 2 h · next 50%",
  );
  await operator.run("set 50 -y --force -m exercise");
  const { stdout } = await operator.run("status");
  expect(stdout).toMatch(/stage 2 of 2 · 50% · \d+ s of 1 d · no next stage/);
  expect((await operator.run("status --json")).document["stage"]).toMatchObject({
    number: 2,
    of: 2,
    pct: 50,
    holdMs: 86_400_000,
    nextPct: null,
  });
});
