import { describe, expect, test } from "vitest";
import { changed, PLAN, Rollout } from "../../test/site.ts";
import { COMMAND_TABLE } from "./commands-table.ts";
import type { Effect } from "./effect.ts";
import type { Command } from "./event.ts";
import type { PhaseName } from "./phase.ts";

/** A rollout in each state. */
const IN: Readonly<Record<PhaseName, () => Rollout>> = {
  idle: () => {
    const rollout = new Rollout(changed(PLAN, { approval: true }));
    rollout.readStore();
    return rollout;
  },
  "warming-up": () => {
    const rollout = IN.idle();
    rollout.command("start");
    return rollout;
  },
  propagating: () => {
    const rollout = IN["warming-up"]();
    rollout.until("propagating");
    return rollout;
  },
  observing: () => new Rollout(changed(PLAN, { approval: true })).begin(),
  held: () => {
    const rollout = IN.observing();
    rollout.pct = 30;
    rollout.readStore();
    return rollout;
  },
  "awaiting-approval": () => {
    const rollout = IN.observing();
    rollout.until("awaiting-approval");
    return rollout;
  },
  paused: () => {
    const rollout = IN.observing();
    rollout.command("pause");
    return rollout;
  },
  "rolling-back": () => {
    const rollout = IN.observing();
    rollout.takes = false;
    rollout.command("rollback");
    return rollout;
  },
  "rolled-back": () => {
    const rollout = IN.observing();
    rollout.command("rollback");
    return rollout;
  },
  "rollback-unverified": () => {
    const rollout = IN.observing();
    rollout.obeys = false;
    rollout.command("rollback");
    return rollout;
  },
  completed: () => {
    const rollout = new Rollout().begin();
    rollout.until("completed");
    return rollout;
  },
};

const CASES = Object.entries(COMMAND_TABLE).flatMap(([state, row]) =>
  Object.entries(row).map(([command, refusal]) => ({
    state: state as PhaseName,
    command,
    refusal,
  })),
);

/** Commands that the table leaves to a finer rule, and which these states refuse. */
const FINER: ReadonlySet<string> = new Set(["approve in held", "promote in held"]);

function send(state: PhaseName, command: string): { rollout: Rollout; answer: Effect } {
  const rollout = IN[state]();
  const [name = "", flag] = command.split(" ");
  const more = { stage: 1, keep: flag !== undefined, reason: "seen by hand" };
  return { rollout, answer: rollout.command(name as Command["name"], more) };
}

test.each(Object.keys(IN) as PhaseName[])("%s is reached", (state) => {
  expect(IN[state]().state.phase.name).toBe(state);
});

test.each(CASES.filter(({ refusal }) => refusal !== null))(
  "$command in $state is refused: $refusal",
  ({ state, command, refusal }) => {
    const { rollout, answer } = send(state, command);
    expect(answer).toMatchObject({ accepted: false, sentence: refusal });
    expect(rollout.state.phase).toEqual(IN[state]().state.phase);
  },
);

test.each(CASES.filter(({ refusal }) => refusal === null))(
  "$command in $state is taken",
  ({ state, command }) => {
    const accepted = !FINER.has(`${command} in ${state}`);
    expect(send(state, command).answer).toMatchObject({ accepted });
  },
);

test.each(Object.keys(IN) as PhaseName[])("a rollback in %s writes 0 in the same step", (state) => {
  const rollout = IN[state]();
  const already = rollout.effects.length;
  rollout.command("rollback");
  expect(rollout.effects[already]).toMatchObject({ type: "write-zero" });
});

describe("pause", () => {
  test("keeps the next stage away, verdicts go on, and resume keeps the clock", () => {
    const rollout = new Rollout().begin();
    rollout.passes(4);
    rollout.command("pause");
    rollout.passes(100);
    expect([rollout.name, rollout.pct]).toEqual(["paused", 10]);
    rollout.command("resume");
    expect(rollout.name).toBe("observing");
    rollout.passes(5);
    expect(rollout.pct).toBe(50);
  });

  test("is no shelter from a verdict", () => {
    const rollout = new Rollout().begin();
    rollout.command("pause");
    rollout.until("rolled-back", 20, { failures: 40 });
    expect(rollout.pct).toBe(0);
  });
});

describe("approve", () => {
  const [first, second, ...others] = PLAN.stages;

  test("names the stage that asks for an approval, where this one does not", () => {
    if (first === undefined || second === undefined) throw new Error("the plan has two stages");
    const stages = [first, { ...second, approval: true }, ...others];
    const rollout = new Rollout({ ...PLAN, stages }).begin();
    expect(rollout.command("approve", { stage: 1 })).toMatchObject({
      accepted: false,
      sentence:
        "Stage 1 asks for no approval. Stage 2 asks for one: approve it once the rollout is there.",
    });
    expect(new Rollout().begin().command("approve", { stage: 1 })).toMatchObject({
      sentence: "Stage 1 asks for no approval. No later stage asks for one.",
    });
  });

  test("does not name a stage 0 below the first stage", () => {
    const rollout = IN.observing();
    rollout.pct = 5;
    rollout.readStore();
    rollout.command("resume");
    expect(rollout.command("approve", { stage: 1 })).toMatchObject({
      accepted: false,
      sentence:
        "The rollout is below its first stage: nothing is to be approved yet. Stage 1 asks for one: approve it once the rollout is there.",
    });
  });
});

describe("promote", () => {
  test("skips what is left of the hold", () => {
    const rollout = new Rollout(changed(PLAN, { holdMs: 86_400_000 })).begin();
    rollout.pass();
    expect(rollout.command("promote")).toMatchObject({ accepted: true });
    expect(rollout.pct).toBe(50);
  });

  test("is refused with evidence missing", () => {
    const rollout = new Rollout(changed(PLAN, { holdMs: 86_400_000 })).begin();
    rollout.passes(5, { without: ["p95"] });
    expect(rollout.command("promote")).toMatchObject({
      accepted: false,
      sentence:
        "There is no fresh evidence of p95. Promote is possible once only the stage's time is left; the rollout waits for fresh evidence.",
    });
  });

  test("is refused on a breach, which ends by itself", () => {
    const rollout = new Rollout(changed(PLAN, { holdMs: 86_400_000 })).begin();
    rollout.until("held: breach", 40, { slow: 0.5 });
    const until = /waits for a quarter of an hour that does not read worse\.$/;
    for (const name of ["promote", "resume"] as const) {
      const sentence = expect.stringMatching(until) as string;
      expect(rollout.command(name)).toMatchObject({ accepted: false, sentence });
    }
  });

  test("is refused after a drift, which never ends by itself", () => {
    expect(IN.held().command("promote")).toMatchObject({
      accepted: false,
      sentence: expect.stringMatching(/waits for an operator's resume or rollback\.$/) as string,
    });
  });

  test("does not stand in for an approval", () => {
    const rollout = new Rollout(changed(PLAN, { holdMs: 86_400_000, approval: true })).begin();
    rollout.pass();
    rollout.command("promote");
    expect([rollout.name, rollout.pct]).toEqual(["awaiting-approval", 10]);
  });
});

describe("reset", () => {
  test("goes to idle with a whole purse, and what was learned of legacy", () => {
    const rollout = IN["rolled-back"]();
    rollout.command("reset");
    const { evidence, phase } = rollout.state;
    expect(phase.name).toBe("idle");
    expect(evidence["errors"]).toMatchObject({ reserve: 1, stage: null });
    expect(evidence["errors"]?.spread.trials).toBeGreaterThan(0);
  });

  test("with keep begins evidence and hold again at the same stage", () => {
    const rollout = new Rollout().begin();
    rollout.passes(6);
    rollout.command("reset", { keep: true });
    expect(rollout.state.phase).toMatchObject({ pass: { pct: 10, clockMs: 0, requests: 0 } });
    expect(rollout.state.evidence["errors"]).toMatchObject({ reserve: 1, windows: 0 });
    rollout.passes(5);
    expect(rollout.pct).toBe(10);
  });
});
