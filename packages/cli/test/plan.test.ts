import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Operator } from "./operator.ts";
import { AT_10, createOperator } from "./operator.ts";

const PLAN = [
  { pct: 1, hold: "30m" },
  { pct: 10, hold: "2h" },
  { pct: 50, hold: "24h" },
  { pct: 100, hold: "48h" },
];

let operator: Operator;

beforeEach(() => {
  operator = createOperator();
  writeFileSync(join(operator.folder, "edgezero.config.json"), JSON.stringify({ plan: PLAN }));
});
afterEach(() => operator.cleanUp());

const pct = (): string | undefined => operator.values()["edgezero_rollout_pct"];
const notes = (): string[] =>
  operator.entries().flatMap((entry) => (entry.kind === "note" ? [entry.note] : []));

describe("set, with a plan", () => {
  test("is refused before the hold is over, and says how long is left", async () => {
    operator.put({ ...AT_10, edgezero_rollout_pct: "0" });
    expect((await operator.run("set 1 --yes")).code).toBe(0);
    const { code, stderr } = await operator.run("set 10 --yes");
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /error: the plan holds 1% for 30m: (30 m|29 m( \d+ s)?) left\nNothing was written to the store\. Keep to the plan, or put 10% in force now with --force --reason <why>\./,
    );
    expect(pct()).toBe("1");
  });

  test("goes up against the plan with --force and a reason, which the trail says", async () => {
    const run = await operator.run('set 100 --yes --force --reason "agreed"');
    expect(run.code).toBe(0);
    expect(run.stderr).toContain("--force overrides the plan: 100% is more than one stage");
    expect(operator.entries()).toMatchObject([
      { note: "plan-overridden", detail: "forced from 10% to 100%: the next stage is 50%" },
      { kind: "intent", reason: "agreed" },
      { kind: "result", result: "written" },
    ]);
  });

  test.each(["set 100 --yes --force", 'set 100 --yes --force --reason " "', "enable --force"])(
    "%s needs a reason",
    async (args) => {
      operator.put({ ...AT_10, edgezero_enabled: args.startsWith("enable") ? "false" : "true" });
      const { code, stderr } = await operator.run(args);
      expect(code).toBe(2);
      expect(stderr).toContain("--force needs --reason");
      expect(pct()).toBe("10");
    },
  );

  test("a jump is refused, with the next stage", async () => {
    const run = await operator.run("set 51 --yes --json");
    expect(run.code).toBe(3);
    expect(run.document["error"]).toMatchObject({ code: "refused", nextStagePct: 50 });
    expect(operator.values()).toEqual(AT_10);
  });

  test("without a trail the hold begins now, which is said and recorded once", async () => {
    const { code, stderr } = await operator.run("set 50 --yes");
    expect(code).toBe(3);
    expect(stderr).toContain(
      "the plan holds 10% for 2h; no usable record says since when, so the hold begins now",
    );
    expect(stderr).toContain("The audit trail now says that the hold began.");
    expect(operator.entries()).toMatchObject([{ note: "hold-begun", values: AT_10 }]);
    const again = await operator.run("set 50 --yes");
    expect(again.stderr).toMatch(/the plan holds 10% for 2h: (2 h|1 h \d+ m) left/);
    expect(notes()).toEqual(["hold-begun"]);
    expect((await operator.run("log --verify")).code).toBe(0);
  });

  test("a dry run begins no hold, and says so", async () => {
    const { code, stderr } = await operator.run("set 50 --dry-run");
    expect(code).toBe(3);
    expect(stderr).toContain("only a try without --dry-run writes it there");
    expect(() => operator.entries()).toThrow("ENOENT");
  });

  test("a value that was written outside begins its hold with the first try", async () => {
    operator.put({ ...AT_10, edgezero_rollout_pct: "1" });
    await operator.run("set 0");
    operator.put(AT_10);
    expect((await operator.run("set 50 --yes")).code).toBe(3);
    expect(notes()).toEqual(["outside-change", "hold-begun"]);
  });

  test("lowering is never judged", async () => {
    operator.put({ ...AT_10, edgezero_rollout_pct: "100" });
    for (const args of ["set 50", "set 7", "disable", "set 3"]) {
      expect((await operator.run(args)).code).toBe(0);
    }
  });
});

describe("no way leads around the plan", () => {
  test("disable; set 50; set 100; enable", async () => {
    expect((await operator.run("disable")).code).toBe(0);
    for (const args of ["set 50 --yes", "set 100 --yes"]) {
      const { code, stderr } = await operator.run(args);
      expect(code).toBe(0);
      expect(stderr).toContain("nobody moves until `enable`");
      expect(stderr).toContain("`enable` will need --force: ");
    }
    const { code, stderr } = await operator.run("enable --yes");
    expect(code).toBe(3);
    expect(stderr).toContain(
      "100% is more than one stage of the plan up from 0%: the next stage is 1%",
    );
    expect(operator.values()).toEqual({ edgezero_enabled: "false", edgezero_rollout_pct: "100" });
    expect((await operator.run("enable --yes --force -m drill")).code).toBe(0);
  });

  test("rollback; set 10", async () => {
    await operator.run("rollback");
    expect((await operator.run("set 10 --yes")).code).toBe(3);
    expect(pct()).toBe("0");
  });

  test("a trail that was deleted, with its head", async () => {
    operator.put({ ...AT_10, edgezero_rollout_pct: "0" });
    await operator.run("set 1 --yes");
    rmSync(operator.trailPath);
    expect((await operator.run("set 10 --yes")).stderr).toContain("the hold begins now");
    rmSync(operator.trailPath);
    rmSync(join(operator.folder, "rollout.audit.head"));
    expect((await operator.run("set 10 --yes")).stderr).toContain("the hold begins now");
    expect(pct()).toBe("1");
  });

  test("several operators at the same time: one stage, and no more", async () => {
    operator.put({ ...AT_10, edgezero_rollout_pct: "0" });
    const runs = await Promise.all(
      ["set 1", "set 1", "set 10", "set 1"].map(async (args) => operator.run(`${args} --yes`)),
    );
    expect(runs.every(({ code }) => [0, 3, 4].includes(code ?? -1))).toBe(true);
    expect(pct()).toBe("1");
  });
});
