import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Operator } from "./operator.ts";
import { createOperator } from "./operator.ts";

let operator: Operator;

beforeEach(() => {
  operator = createOperator();
});
afterEach(() => operator.cleanUp());

const STAGES = [
  { pct: 10, hold: "2h", minRequests: 1000 },
  { pct: 100, hold: "1d" },
];

function write(name: string, content: unknown): void {
  writeFileSync(join(operator.folder, name), JSON.stringify(content));
}

describe("plan lint", () => {
  test("finds all that is wrong at once, with an exit code of its own", async () => {
    write("plan.json", { stages: [{ pct: 10, hold: "30" }, { pct: 5 }], signal: {}, window: "0s" });
    const { code, stdout } = await operator.run("plan lint plan.json");
    expect(code).toBe(12);
    for (const place of ["/stages/0/hold", "/stages/1/hold", "/signal", "/window"]) {
      expect(stdout).toContain(place);
    }
    expect(stdout).toContain("did you mean signals?");
    expect(stdout).toContain("plan.json: 4 errors, 0 warnings");
  });

  test("--json has each finding with code, place, what is wrong and what is allowed", async () => {
    write("edgezero.config.json", {
      environments: { a: { store: "redis://host", plan: [{ pct: 0, hold: "1h" }] } },
    });
    const { code, document } = await operator.run("plan lint --json");
    expect(code).toBe(12);
    expect(document).toMatchObject({
      ok: false,
      command: "plan lint",
      error: { code: "bad-plan", exitCode: 12 },
      pointer: "/environments/a/plan",
      errors: 1,
      warnings: 0,
      findings: [
        {
          code: "wrong-value",
          level: "error",
          place: "/0/pct",
          message: "0 is not allowed",
          allowed: "a whole number from 1 to 100",
        },
      ],
    });
  });

  test("finds what would not work by what is known of the site", async () => {
    write("edgezero.config.json", {
      environments: { a: { store: "fastly://store", plan: { stages: STAGES } } },
    });
    const run = await operator.run("plan lint --rps 0.1 --rate errors=0.1% --json");
    const codes = (run.document["findings"] as { code: string }[]).map((one) => one.code);
    expect(codes).toEqual(expect.arrayContaining(["requests-out-of-reach", "stage-too-short"]));
  });

  test("a warning refuses nothing, and a plan without any says so", async () => {
    write("warned.json", { stages: [{ pct: 10, hold: "2h" }] });
    expect(await operator.run("plan lint warned.json")).toMatchObject({ code: 0 });
    write("good.json", { stages: STAGES });
    const { code, stdout } = await operator.run("plan lint good.json");
    expect([code, stdout]).toEqual([0, `${join(operator.folder, "good.json")}: nothing found\n`]);
  });

  test.each([
    { args: "", message: "there is no config file" },
    { args: "none.json", message: "cannot be loaded" },
    { args: "--env b", message: "has no environment" },
  ])("with %j there is nothing to examine", async ({ args, message }) => {
    if (args !== "") write("edgezero.config.json", { environments: {} });
    const { code, stderr } = await operator.run(`plan lint ${args}`);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe("plan show", () => {
  test("has every default, as a table and as JSON", async () => {
    write("edgezero.config.json", { plan: { stages: STAGES, advance: "proven" } });
    const { code, stdout } = await operator.run("plan show");
    expect(code).toBe(0);
    expect(stdout).toMatch(/errors +failures +0\.1 points up +2% +rolls back/);
    expect(stdout).toMatch(/noData\.grace +2m/);
    expect((await operator.run("plan show --json")).document["plan"]).toMatchObject({
      advance: "proven",
      falseRollback: 0.01,
      stages: [{ pct: 10, holdMs: 7_200_000, minRequests: 1000, approval: false }, { pct: 100 }],
      signals: [{ name: "errors" }, { name: "timeouts" }, { name: "p95" }],
    });
  });

  test("of a plan that is not valid shows what is wrong", async () => {
    write("plan.json", []);
    expect(await operator.run("plan show plan.json")).toMatchObject({ code: 12 });
  });
});

describe("preflight", () => {
  test("has a sentence for each signal and stage, and says which rates it needs", async () => {
    write("plan.json", [{ pct: 1, hold: "30m" }]);
    const { code, stdout } = await operator.run(
      "preflight plan.json --rps 500 --rate errors=0.1% --json",
    );
    expect(code).toBe(0);
    expect(stdout).toContain(
      "errors, 30 min at 1% of 500 rps: a fault of +0.31 points or more would be seen in 9 of 10 cases",
    );
    const text = await operator.run("preflight plan.json --rps 500 --rate errors=0.001");
    expect(text.stdout).toContain("timeouts: give legacy's rate, --rate timeouts=…");
    expect(text.stdout).toContain("p95, 30 min at 1% of 500 rps: a p95 of 1.24 times");
  });

  test.each([
    { args: "", message: "--rps" },
    { args: "--rps 1,2", message: "24" },
    { args: "--rps 5 --rate errors=2", message: "such as errors=0.1%" },
    { args: "--rps 5 --rate errors", message: "such as errors=0.1%" },
    { args: "--rps 5 --tail x", message: "a number of at least 0" },
  ])("refuses $args", async ({ args, message }) => {
    const { code, stderr } = await operator.run(`preflight plan.json ${args}`);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe("rehearse", () => {
  test("tells what happened when, to a rollout that goes wrong", async () => {
    write("plan.json", [{ pct: 10, hold: "30m" }]);
    const { code, stdout } = await operator.run(
      "rehearse plan.json --rps 500 --fault errors=5%@5m",
    );
    expect(code).toBe(0);
    expect(stdout).toContain("From now on errors of EdgeZero is 5%.");
    expect(stdout).toContain("It rolls back. EdgeZero was proven worse than the plan allows");
    const args = "rehearse plan.json --rps 500 --fault errors=5%@5m --json";
    expect((await operator.run(args)).document).toMatchObject({
      faults: [{ kind: "rate", signal: "errors", rate: 0.05, atMs: 300_000, forMs: null }],
      rehearsal: { isFalseRollback: false, rollback: { cause: { kind: "worse" } } },
    });
  });

  test("of many says how often and how soon, with intervals", async () => {
    write("plan.json", [{ pct: 10, hold: "10m" }]);
    const { stdout } = await operator.run("rehearse plan.json --rps 100 --runs 3");
    expect(stdout).toMatch(/completed +3 of 3: 100% \(/);
    expect(stdout).toMatch(/rolled back without a fault +0 of 3: 0% \(0% to/);
  });

  test.each([
    { args: "--fault errors", message: "<signal>=<rate>" },
    { args: "--fault nonsense=1%", message: "nonsense" },
    { args: "--rate nonsense=1%", message: "rate signals of the plan: errors, timeouts" },
  ])("refuses $args", async ({ args, message }) => {
    write("plan.json", [{ pct: 10, hold: "10m" }]);
    const { code, stderr } = await operator.run(`rehearse plan.json --rps 5 ${args}`);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

function count(requests: number, hits: number): object {
  const errors = { trials: requests, hits };
  const timeouts = { trials: requests, hits: 0 };
  const signals = { errors, timeouts, p95: { buckets: [requests, 0, 0] } };
  return { requests, clients: null, signals };
}

describe("replay", () => {
  const head = {
    type: "recording",
    version: 1,
    source: "scrape",
    windowMs: 15_000,
    bounds: [100, 1000],
  };

  /** Legacy alone for half an hour, then EdgeZero at 10%, where everything of it fails. */
  function recording(): string {
    const windows = Array.from({ length: 240 }, (_, i) => {
      const pct = i < 120 ? 0 : 10;
      const from = Date.UTC(2026, 0, 5) + 15_000 * i;
      const own = 10 * pct;
      return {
        type: "window",
        source: "scrape",
        pct,
        from,
        to: from + 15_000,
        canary: count(own, own),
        control: count(1000 - own, 1),
        decisions: { [`epoch-${pct}`]: 1000 },
        instances: 1,
      };
    });
    return [head, ...windows].map((line) => JSON.stringify(line)).join("\n");
  }

  test("tells what a plan would have done with recorded windows", async () => {
    write("plan.json", [{ pct: 10, hold: "30m" }]);
    writeFileSync(join(operator.folder, "windows.ndjson"), recording());
    const { code, stdout } = await operator.run("replay plan.json --recording windows.ndjson");
    expect(code).toBe(0);
    expect(stdout).toContain("It rolls back. EdgeZero was proven worse than the plan allows");
    const { document } = await operator.run("replay plan.json --recording windows.ndjson --json");
    expect(document).toMatchObject({ replay: { rollback: { pct: 10 } } });
  });

  test("preflight takes the traffic from a recording", async () => {
    write("plan.json", [{ pct: 1, hold: "30m" }]);
    writeFileSync(join(operator.folder, "windows.ndjson"), recording());
    const { document, code } = await operator.run(
      "preflight plan.json --from windows.ndjson --rate timeouts=1% --json",
    );
    expect(code).toBe(0);
    // A thousand requests in 15 s, 120 windows with one failure in 1,000 and 120 with one in 900.
    expect(document).toMatchObject({
      traffic: { rps: 1000 / 15, rates: { errors: 240 / 228_000, timeouts: 0.01 } },
      unknown: [],
    });
  });

  test.each([
    { from: "none.ndjson", message: "none.ndjson: ENOENT" },
    { from: "scrape:http://127.0.0.1:9/metrics", message: "scrape: remembers nothing of the past" },
    { from: "prometheus", message: "the environment has no source prometheus:" },
    { from: "prometheus:http://127.0.0.1:9", message: "ECONNREFUSED" },
  ])("$from is refused", async ({ from, message }) => {
    write("plan.json", [{ pct: 1, hold: "30m" }]);
    const { code, stderr } = await operator.run(`preflight plan.json --from ${from}`);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test("names each line of a recording that is wrong", async () => {
    write("plan.json", [{ pct: 10, hold: "30m" }]);
    writeFileSync(
      join(operator.folder, "windows.ndjson"),
      `${JSON.stringify(head)}\n{"type": "window"}`,
    );
    const { code, stderr } = await operator.run("replay plan.json --recording windows.ndjson");
    expect(code).toBe(2);
    expect(stderr).toMatch(/windows\.ndjson: it is no recording: line 2/);
    expect((await operator.run("replay plan.json --recording none.ndjson")).code).toBe(2);
  });
});

test("set goes by the stages of a plan in the full form", async () => {
  mkdirSync(join(operator.folder, "sub"));
  write("edgezero.config.json", { plan: { stages: STAGES, advance: "proven" } });
  const held = await operator.run("set 100 --dry-run");
  expect(held.code).toBe(3);
  expect(held.stderr).toContain("the plan holds 10% for 2h");
  expect((await operator.run("status")).stdout).toContain("stage 1 of 2 · 10%");
  write("edgezero.config.json", {
    plan: { stages: [...STAGES.slice(0, 1), { pct: 20, hold: "1h" }] },
  });
  const skipped = await operator.run("set 50 --dry-run");
  expect(skipped.code).toBe(3);
  expect(skipped.stderr).toContain("the next stage is 20%");
});
