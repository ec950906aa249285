import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, Stage, stateOf } from "./stage.ts";

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(() => stage.remove());

test("a healthy rollout goes through its stages by itself, and each write is in the trail", async () => {
  const rollout = await stage.open();
  await stage.step(rollout);
  await ask(rollout, "start");
  await stage.until(rollout, "completed");
  const { entries, findings } = await stage.ports().journal.read();
  expect(findings).toEqual([]);
  const written = entries.flatMap((entry) =>
    entry.kind === "result" ? [[entry.result, entry.values?.edgezero_rollout_pct]] : [],
  );
  expect(written).toEqual([
    ["written", "10"],
    ["written", "50"],
    ["written", "100"],
  ]);
  expect(rollout.views.latest()).toMatchObject({ state: "completed", pct: 100, observedShare: 1 });
});

test("where all of EdgeZero fails it is rolled back, and the trail says why", async () => {
  const rollout = await stage.open();
  await stage.step(rollout);
  await ask(rollout, "start");
  await stage.until(rollout, "observing");
  stage.site.failing.canary = 1;
  await stage.until(rollout, "rolling-back", 3);
  stage.site.failing.canary = 0;
  await stage.until(rollout, "rolled-back", 3);
  const { entries } = await stage.ports().journal.read();
  const intents = entries.flatMap((entry) => (entry.kind === "intent" ? [entry] : []));
  expect(intents.at(-1)).toMatchObject({
    command: "rollback",
    reason: "EdgeZero is worse than the plan allows by the signal errors",
  });
  expect(await stage.ports().store.read()).toMatchObject({ edgezero_rollout_pct: "0" });
});

test("an operator's 0 in the middle of a stage stands", async () => {
  const rollout = await stage.open();
  await stage.step(rollout);
  await ask(rollout, "start");
  await stage.until(rollout, "observing");
  stage.set(0);
  await stage.step(rollout);
  expect(stateOf(rollout)).toBe("rolled-back");
  for (let i = 0; i < 30; i += 1) await stage.step(rollout);
  expect(await stage.ports().store.read()).toMatchObject({ edgezero_rollout_pct: "0" });
});

test("a command is carried out once, also when it is sent again to another process", async () => {
  const rollout = await stage.open();
  await stage.step(rollout);
  const request = { command: "start", who: "ana", reason: "", id: "start-1" } as const;
  const [first, second] = await Promise.all([rollout.command(request), rollout.command(request)]);
  expect([first.accepted, first.repeated, second.repeated]).toEqual([true, false, true]);
  await rollout.close();
  const next = await stage.open();
  expect(await next.command(request)).toEqual({ ...first, repeated: true });
});

test("a refusal that only the moment gives is not kept for its id", async () => {
  const rollout = await stage.open();
  const request = { command: "start", who: "ana", reason: "", id: "start-1" } as const;
  const early = await rollout.command(request);
  expect(early).toMatchObject({ accepted: false, repeated: false });
  expect(early.sentence).toContain("The store was not read yet");
  await stage.step(rollout);
  expect(await rollout.command(request)).toMatchObject({ accepted: true, repeated: false });
  const rollback = { ...request, command: "rollback", id: "rollback-1" } as const;
  await rollout.close();
  expect((await rollout.command(rollback)).sentence).toContain("is stopping");
  const next = await stage.open();
  await stage.step(next);
  expect(await next.command(rollback)).toMatchObject({ accepted: true, repeated: false });
  await next.close();
});

test("an id is free again after a day, also for another process", async () => {
  const rollout = await stage.open();
  await stage.step(rollout);
  const request = { command: "start", who: "ana", reason: "", id: "start-1" } as const;
  await rollout.command(request);
  stage.clock.pass(24 * 3_600_000 - 60_000);
  expect(await rollout.command(request)).toMatchObject({ repeated: true });
  await rollout.close();
  stage.clock.pass(60_000);
  const next = await stage.open();
  expect(await next.command(request)).toMatchObject({
    repeated: false,
    accepted: false,
    sentence: "The rollout has started already. To begin again, reset it.",
  });
  await next.close();
});

test("answers are bounded: after very many commands the oldest id is free", async () => {
  const rollout = await stage.open();
  const pause = async (id: string): Promise<boolean> => {
    const answer = await rollout.command({ command: "pause", who: "ana", reason: "", id });
    return answer.repeated;
  };
  for (let i = 0; i < 501; i += 1) await pause(`id-${i}`);
  expect([await pause("id-500"), await pause("id-0")]).toEqual([true, false]);
  await rollout.close();
}, 60_000);

test("an id that was used for another command is refused, and does nothing", async () => {
  const rollout = await stage.open();
  await stage.step(rollout);
  const start = { command: "start", who: "ana", reason: "", id: "1" } as const;
  await rollout.command(start);
  const answer = await rollout.command({ ...start, command: "rollback" });
  expect(answer).toMatchObject({ command: "rollback", accepted: false, repeated: false });
  expect(answer.sentence).toContain("Nothing was done: the id was used for start");
  expect(stateOf(rollout)).toBe("warming-up");
});

test("while the switch is off it does not start", async () => {
  stage.set(0, false);
  const rollout = await stage.open();
  await stage.step(rollout);
  const answer = await rollout.command({ command: "start", who: "ana", reason: "", id: "a" });
  expect(answer).toMatchObject({ accepted: false });
  expect(answer.sentence).toContain("switch is off");
});
