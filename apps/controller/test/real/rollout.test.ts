import { fileURLToPath } from "node:url";
import type { Entry } from "@edgezero/operations/journal/entry";
import { openFileJournal } from "@edgezero/operations/journal/file/file-journal";
import type { Ended } from "@edgezero/testbed/process/run-to-end";
import { runToEnd } from "@edgezero/testbed/process/run-to-end";
import { afterEach, expect, test } from "vitest";
import type { ControllerProcess } from "./controller-process.ts";
import { startController } from "./controller-process.ts";
import { beginRollout, MAY_BE_BUSY, SHORT_PLAN } from "./short-rollout.ts";
import type { Site } from "./site.ts";
import { OPERATOR_VARIABLES, startSite, writeStore } from "./site.ts";

const COMMAND = fileURLToPath(new URL("../../../../packages/cli/src/main.ts", import.meta.url));

const LONG_HOLD = "10m";

let site: Site;
let controller: ControllerProcess;

afterEach(async () => {
  await controller.end();
  await site.stop();
});

/** Starts everything, and the rollout. */
async function begin(plan: object, more: { gatewayStore?: string } = {}): Promise<void> {
  site = await startSite(plan, more);
  controller = await startController(site);
  await beginRollout(controller);
}

/** The plan, with a hold that does not end in the last of so many stages. */
function staysIn(count: number): object {
  const stages = SHORT_PLAN.stages.slice(0, count);
  const last = { ...stages.at(-1), hold: LONG_HOLD };
  return { ...SHORT_PLAN, stages: [...stages.slice(0, -1), last] };
}

async function trail(): Promise<readonly Entry[]> {
  const { entries, findings } = await openFileJournal(site.trail).read();
  expect(findings).toEqual([]);
  return entries;
}

/** Rolls back by the command, as an operator does. */
async function rollBack({ folder }: Site): Promise<Ended> {
  const args = [COMMAND, "rollback", "--reason", "a test", "--yes"];
  return runToEnd(process.execPath, args, { cwd: folder, env: OPERATOR_VARIABLES });
}

/** The percentages that the trail has as results, in order. */
async function written(): Promise<(string | null | undefined)[]> {
  const entries = await trail();
  return entries.flatMap((entry) =>
    entry.kind === "result" ? [entry.values?.edgezero_rollout_pct] : [],
  );
}

test("a healthy rollout completes by itself", MAY_BE_BUSY, async () => {
  await begin(SHORT_PLAN);
  const view = await controller.until(({ state }) => state === "completed", 120_000);
  expect(view).toMatchObject({ pct: 100, stage: 4, next: null, pages: [] });
  expect(await written()).toEqual(["1", "10", "50", "100"]);
  expect([...site.load.statuses.keys()]).toEqual([200]);
});

test(
  "where all of EdgeZero fails in a stage of 10%, it is rolled back and proven within 10 s",
  MAY_BE_BUSY,
  async () => {
    await begin(staysIn(2));
    await controller.until(({ pct, state }) => pct === 10 && state === "observing", 90_000);
    const { edgezero } = site;
    edgezero.failing = 1;
    await controller.until(({ state }) => state === "rolled-back", 30_000);
    const provenAt = performance.now();
    const lastAt = edgezero.askedAt ?? 0;
    const failedAt = edgezero.failedAt ?? 0;
    expect(provenAt - failedAt).toBeLessThan(10_000);
    console.log(
      `100%: last EdgeZero response ${lastAt - failedAt} ms after the first failure, proven ${provenAt - failedAt} ms`,
    );
    // Clients go on asking, and get legacy.
    const { size } = site.load.statuses;
    await expect.poll(() => site.load.statuses.get(200) ?? 0).toBeGreaterThan(0);
    expect(size).toBe(2);
    const entries = await trail();
    const rollback = entries.findLast((entry) => entry.kind === "intent");
    expect(rollback).toMatchObject({
      command: "rollback",
      reason: "EdgeZero is worse than the plan allows by the signal errors",
    });
    const results = entries.flatMap((entry) =>
      entry.kind === "result" && entry.command === "rollback" ? [entry.result] : [],
    );
    expect(results).toEqual(["written", "verified"]);
  },
);

test(
  "where 5% of EdgeZero fail in a stage of 50%, after 60 s, it is rolled back within 60 s",
  MAY_BE_BUSY,
  async () => {
    await begin(staysIn(3));
    await controller.until(({ pct, state }) => pct === 50 && state === "observing", 120_000);
    const { rail } = await controller.view();
    const since = rail[2]?.heldMs ?? 0;
    await controller.until((view) => (view.rail[2]?.heldMs ?? 0) >= since + 60_000, 90_000);
    const { edgezero } = site;
    edgezero.failing = 0.05;
    await controller.until(({ state }) => state === "rolled-back", 90_000);
    const provenAt = performance.now();
    const failedAt = edgezero.failedAt ?? 0;
    expect(provenAt - failedAt).toBeLessThan(60_000);
    console.log(
      `5%: last EdgeZero response ${(edgezero.askedAt ?? 0) - failedAt} ms after the first failure, proven ${provenAt - failedAt} ms`,
    );
  },
);

test("failures of both origins alike roll back nothing", MAY_BE_BUSY, async () => {
  await begin(staysIn(3));
  await controller.until(({ pct, state }) => pct === 50 && state === "observing", 120_000);
  site.legacy.failing = 0.3;
  site.edgezero.failing = 0.3;
  await controller.until(({ held }) => held.includes("incident"), 30_000);
  site.legacy.failing = 0;
  site.edgezero.failing = 0;
  await controller.until(({ state }) => state === "observing", 30_000);
  expect(await written()).toEqual(["1", "10", "50"]);
});

test("an operator's 0 in the middle of a stage stands", MAY_BE_BUSY, async () => {
  await begin(staysIn(2));
  await controller.until(({ pct, state }) => pct === 10 && state === "observing", 90_000);
  writeStore(site.store, 0);
  const view = await controller.until(({ state }) => state === "rolled-back", 30_000);
  expect(view).toMatchObject({ pct: 0 });
  expect(await written()).toEqual(["1", "10"]);
});

test(
  "a gateway that reads another file never lets the plan go beyond its first stage",
  MAY_BE_BUSY,
  async () => {
    await begin(SHORT_PLAN, { gatewayStore: "another.json" });
    const view = await controller.until(({ state }) => state === "held", 90_000);
    expect(view).toMatchObject({ reason: "propagation", stage: 1, pct: 1 });
    expect(view.pages.map(({ reason }) => reason)).toEqual(["propagation"]);
    expect(await written()).toEqual(["1"]);
  },
);

test(
  "a dead source and no traffic hold and page; then it goes on where it was",
  MAY_BE_BUSY,
  async () => {
    const noData = { grace: "2s", page: "3s", repeat: "1m" };
    await begin({ ...staysIn(2), noData });
    await controller.until(({ pct, state }) => pct === 10 && state === "observing", 90_000);
    site.metrics.isCut = true;
    const blind = await controller.until(({ pages }) => pages.length > 0, 30_000);
    expect(blind).toMatchObject({ state: "held", reason: "blind", stage: 2, pct: 10 });
    expect(blind.sources[0]?.missing).toContain("unreachable");
    site.metrics.isCut = false;
    await controller.until(({ state }) => state === "observing", 30_000);
    site.load.isQuiet = true;
    const quiet = await controller.until(({ held }) => held.includes("no-traffic"), 30_000);
    expect(quiet).toMatchObject({ state: "held", stage: 2, pct: 10 });
    site.load.isQuiet = false;
    await controller.until(({ state }) => state === "observing", 60_000);
    expect(await written()).toEqual(["1", "10"]);
  },
);

test(
  "a controller that is killed in a stage goes on in it, and writes nothing twice",
  MAY_BE_BUSY,
  async () => {
    await begin(SHORT_PLAN);
    await controller.until(({ pct, state }) => pct === 10 && state === "observing", 90_000);
    await controller.end("SIGKILL");
    controller = await startController(site);
    const view = await controller.until(({ state }) => state === "completed", 120_000);
    expect(view).toMatchObject({ pct: 100 });
    expect(await written()).toEqual(["1", "10", "50", "100"]);
  },
);

test(
  "the command's rollback works while the controller hangs, and the controller honours it",
  MAY_BE_BUSY,
  async () => {
    await begin(staysIn(2));
    await controller.until(({ pct, state }) => pct === 10 && state === "observing", 90_000);
    process.kill(controller.pid, "SIGSTOP");
    const { code, stderr, stdout } = await rollBack(site);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    process.kill(controller.pid, "SIGCONT");
    const view = await controller.until(({ state }) => state === "rolled-back", 30_000);
    expect(view).toMatchObject({ pct: 0 });
    // A controller that hangs may hold the trail: then the command says so, and rolls back all the same.
    const recorded = stdout.includes("Not recorded in the audit trail") ? [] : ["0", "0"];
    expect(await written()).toEqual(["1", "10", ...recorded]);
  },
);
