import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Operator } from "./operator.ts";
import { AT_10, createOperator } from "./operator.ts";

let operator: Operator;

beforeEach(() => {
  operator = createOperator();
});
afterEach(() => operator.cleanUp());

/** What `--json` says is wrong. */
function errorOf({ document }: { document: Record<string, unknown> }): unknown {
  return document["error"];
}

describe("set", () => {
  test("shows who moves, writes, reads back and records it", async () => {
    const { code, stdout, stderr } = await operator.run('set 50 --yes --reason "stage 3"');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: "10% → 50%: about 4 in 10 clients move to EdgeZero; nobody moves back\n",
    });
    expect(stdout).toContain("written and read back: on, at 50%");
    expect(operator.values()).toEqual({ ...AT_10, edgezero_rollout_pct: "50" });
    expect(operator.entries()).toMatchObject([
      {
        kind: "intent",
        command: "set",
        who: "ann@test",
        store: `file:${operator.path}`,
        from: AT_10,
        to: { edgezero_rollout_pct: "50" },
        reason: "stage 3",
      },
      { kind: "result", result: "written", values: { ...AT_10, edgezero_rollout_pct: "50" } },
    ]);
    expect(existsSync(operator.lockPath)).toBe(false);
  });

  test.each([
    ["10%", "10"],
    ["+010", "10"],
    ["100", "100"],
    ["0", "0"],
  ])("%s is written as %s", async (given, written) => {
    operator.put({ ...AT_10, edgezero_rollout_pct: "5" });
    expect((await operator.run(`set ${given} --yes`)).code).toBe(0);
    expect(operator.values()["edgezero_rollout_pct"]).toBe(written);
  });

  test.each(["101", "101%", "10%%", "%", "1e1", "ten", "1.5", "0x10", "-5"])(
    "%s is refused",
    async (given) => {
      const run = await operator.run(`set ${given} --yes --json`);
      expect(run.code).toBe(2);
      expect(errorOf(run)).toMatchObject({ code: "usage", exitCode: 2 });
      expect(operator.values()).toEqual(AT_10);
    },
  );

  test("in a pipe, without --yes, refuses to raise", async () => {
    const run = await operator.run("set 20");
    expect(run.code).toBe(3);
    expect(run.stderr).toContain("there is no terminal to ask on");
    expect(run.stderr).toContain("--yes");
    expect(operator.values()).toEqual(AT_10);
    expect(existsSync(operator.trailPath)).toBe(false);
  });

  test("never asks to lower, however far and whatever the plan", async () => {
    writeFileSync(
      join(operator.folder, "edgezero.config.json"),
      '{"plan": [{"pct": 1, "hold": "1m"}]}',
    );
    expect((await operator.run("set 2")).code).toBe(0);
    expect(operator.values()["edgezero_rollout_pct"]).toBe("2");
  });

  test("the value that is there already is not written again", async () => {
    const { code, stdout } = await operator.run("set 10 --json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, written: false });
    expect(existsSync(operator.trailPath)).toBe(false);
  });

  test("while the switch is off, says that nobody moves until enable", async () => {
    operator.put({ edgezero_enabled: "false", edgezero_rollout_pct: "1" });
    const { stderr } = await operator.run("set 10 --yes");
    expect(stderr).toContain("1% → 10%: nobody moves until `enable`");
  });
});

describe("the switch", () => {
  test.each([
    ["absent", { edgezero_enabled: "false" }, "is absent"],
    ["invalid", { edgezero_enabled: "false", edgezero_rollout_pct: "1O" }, 'is "1O", not a whole'],
  ])("enable refuses where the percentage is %s", async (_, values, why) => {
    operator.put(values);
    const { code, stderr } = await operator.run("enable --yes");
    expect(code).toBe(3);
    expect(stderr).toContain(why);
    expect(operator.values()).toEqual(values);
  });

  test("enable asks where clients move, and not at 0", async () => {
    operator.put({ edgezero_enabled: "false", edgezero_rollout_pct: "10" });
    expect((await operator.run("enable")).code).toBe(3);
    expect((await operator.run("enable --yes")).stderr).toContain(
      "0% → 10%: about 1 in 10 clients",
    );
    expect(operator.values()["edgezero_enabled"]).toBe("true");
    operator.put({ edgezero_enabled: "false", edgezero_rollout_pct: "0" });
    expect((await operator.run("enable")).code).toBe(0);
  });

  test("disable never asks", async () => {
    expect((await operator.run("disable")).code).toBe(0);
    expect(operator.values()).toEqual({ ...AT_10, edgezero_enabled: "false" });
  });

  test("what is on already, in whatever spelling, stays as it is", async () => {
    operator.put({ ...AT_10, edgezero_enabled: "TRUE" });
    expect((await operator.run("enable")).code).toBe(0);
    expect(operator.values()["edgezero_enabled"]).toBe("TRUE");
  });
});

describe("init", () => {
  test("creates the file, both keys and the plan, so that every client goes to legacy", async () => {
    operator.cleanUp();
    operator = createOperator(null);
    expect((await operator.run("init")).code).toBe(0);
    expect(operator.values()).toEqual({ edgezero_enabled: "false", edgezero_rollout_pct: "0" });
    const config = JSON.parse(
      readFileSync(join(operator.folder, "edgezero.config.json"), "utf8"),
    ) as unknown;
    expect(config).toEqual({
      $schema: "./edgezero.config.schema.json",
      environments: {
        default: {
          store: "file:./rollout.json",
          probe: { secretEnv: "EDGEZERO_PROBE_SECRET" },
        },
      },
      plan: [
        { pct: 1, hold: "30m" },
        { pct: 10, hold: "2h" },
        { pct: 50, hold: "24h" },
        { pct: 100, hold: "48h" },
      ],
    });
    const status = await operator.run("status --json", { EDGEZERO_STORE: "" });
    expect(status.document).toMatchObject({ ok: true, environment: "default" });
  });

  test("creates what is missing only, and never overwrites", async () => {
    operator.put({ edgezero_rollout_pct: "10", other: "kept" });
    const config = join(operator.folder, "edgezero.config.json");
    writeFileSync(config, "{}");
    expect((await operator.run("init")).code).toBe(0);
    const after = { edgezero_enabled: "false", edgezero_rollout_pct: "10", other: "kept" };
    expect(operator.values()).toEqual(after);
    expect((await operator.run("init")).stdout).toContain("both keys are there");
    expect(operator.values()).toEqual(after);
    expect(readFileSync(config, "utf8")).toBe("{}");
  });

  test("a config file never gets the credentials of a store", async () => {
    const { stderr, stdout } = await operator.run("init --json", {
      EDGEZERO_STORE: "redis://ann:hunter2222@127.0.0.1:1",
    });
    expect(stdout + stderr).not.toContain("hunter2222");
    const config = join(operator.folder, "edgezero.config.json");
    expect(existsSync(config) ? readFileSync(config, "utf8") : "").not.toContain("hunter2222");
  });
});

describe("someone else", () => {
  test("who holds the lock is named to the second operator, with the time, and nothing is written", async () => {
    const since = new Date().toISOString();
    const holder = { who: "bob@desk", host: hostname(), pid: process.pid, since, command: "set" };
    writeFileSync(operator.lockPath, JSON.stringify(holder));
    const run = await operator.run("set 20 --yes --json");
    expect(run.code).toBe(4);
    expect(errorOf(run)).toMatchObject({
      code: "lock-held",
      holder: { who: "bob@desk", since },
      message: expect.stringContaining(
        `bob@desk holds the lock for \`set\` since ${since}`,
      ) as string,
    });
    expect(operator.values()).toEqual(AT_10);
    expect((await operator.run("status")).stdout).toContain("bob@desk holds the lock");
  });

  test("whose process has died holds no lock any more, which the trail then says", async () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    const since = new Date().toISOString();
    const holder = { who: "bob@desk", host: hostname(), pid, since, command: "set" };
    writeFileSync(operator.lockPath, JSON.stringify(holder));
    expect((await operator.run("set 20 --yes")).code).toBe(0);
    expect(operator.entries()[0]).toMatchObject({
      kind: "note",
      note: "lock-taken-over",
      detail: expect.stringContaining("bob@desk") as string,
    });
  });

  test("who changes the store outside is noticed, and recorded with the next write", async () => {
    await operator.run("set 20 --yes");
    operator.put({ ...AT_10, edgezero_rollout_pct: "77" });
    const { stdout } = await operator.run("status");
    expect(stdout).toContain("changed outside this tool");
    expect(stdout).toContain('edgezero_rollout_pct "77"');
    const run = await operator.run("set 5 --json");
    expect(run.document["notes"]).toMatchObject([{ kind: "outside-change" }]);
    expect(operator.entries()[2]).toMatchObject({
      note: "outside-change",
      values: { ...AT_10, edgezero_rollout_pct: "77" },
    });
    expect((await operator.run("status")).stdout).not.toContain("outside");
  });

  test("many at once: every one that succeeds is whole, and the trail too", async () => {
    const targets = [1, 2, 3, 4, 5, 6, 7, 8];
    const runs = await Promise.all(targets.map((pct) => operator.run(`set ${pct} --json`)));
    const codes = runs.map(({ code }) => code);
    // Told that another is at it, or that the value is another by now.
    expect(codes.filter((code) => code !== 0 && code !== 3 && code !== 4)).toEqual([]);
    expect(codes).toContain(0);
    expect((await operator.run("log --verify")).code).toBe(0);
    const written = operator.entries().filter((entry) => entry.kind === "result");
    expect(written).toHaveLength(codes.filter((code) => code === 0).length);
    expect(operator.values()["edgezero_rollout_pct"]).toBe(
      written.at(-1)?.values?.edgezero_rollout_pct,
    );
  });
});

describe("a trail that cannot be written", () => {
  test("keeps every change from being made, but not a rollback", async () => {
    mkdirSync(operator.trailPath);
    const run = await operator.run("set 20 --yes --json");
    expect(run.code).toBe(9);
    expect(errorOf(run)).toMatchObject({ code: "audit-broken" });
    expect(operator.values()).toEqual(AT_10);
    const rollback = await operator.run("rollback");
    expect(rollback.code).toBe(7);
    expect(rollback.stdout).toContain("Not recorded in the audit trail");
    expect(operator.values()["edgezero_rollout_pct"]).toBe("0");
  });
});
