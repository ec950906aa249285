import { describeLease } from "@edgezero/testbed/contracts/lease";
import { describe, expect, onTestFinished, test } from "vitest";
import { SimulatedSite, WINDOW_MS } from "../simulated-site.ts";
import { ask, BEGIN } from "../stage.ts";
import { TestClock } from "../test-clock.ts";
import { HeldServer } from "./held-server.ts";
import { Member } from "./member.ts";
import { memoryJournal } from "./memory-journal.ts";

const TICKS = Number(process.env["LEADER_TICKS"] ?? 10_000);
const STAGES = [0, 10, 50, 100];
const MINUTE = 60_000;

describe("the held server", () => {
  describeLease(async () => {
    const clock = new TestClock(BEGIN);
    const server = new HeldServer(clock);
    return {
      lease: server.leadership(1).lease,
      openAgain: () => server.leadership(2).lease,
      async leaveBehind(who) {
        await server.leadership(3).lease.take(who);
        clock.pass(MINUTE);
      },
      close: async () => {},
    };
  });
});

/** Numbers from 0 to 1, the same in each run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Whether each raise is by one stage, after its hold, and by the term that counted: terms never alternate. */
function findingsOf({ writes }: HeldServer): string[] {
  const over = new Set<string>();
  let term: string | null = null;
  return writes.flatMap(({ at, pct, leader }, i) => {
    const before = writes[i - 1] ?? { at: 0, pct: 0 };
    if (pct === 0) return [];
    const findings: string[] = [];
    if (leader === null) findings.push(`${pct}% at ${at} without a term`);
    if (leader !== null && over.has(leader)) findings.push(`${pct}% by ${leader}, which was over`);
    if (term !== null && leader !== term) over.add(term);
    term = leader;
    if (STAGES.indexOf(pct) !== STAGES.indexOf(before.pct) + 1) {
      findings.push(`${pct}% after ${before.pct}% at ${at}`);
    }
    if (before.pct !== 0 && at - before.at < 4 * WINDOW_MS) {
      findings.push(`${pct}% ${at - before.at} ms after ${before.pct}%`);
    }
    return findings;
  });
}

test(
  `two controllers, ${TICKS} ticks, clocks ten minutes apart: one writer, no stage skipped`,
  { timeout: 600_000 },
  async () => {
    const clock = new TestClock(BEGIN);
    const server = new HeldServer(clock);
    const store = server.open(0);
    const site = new SimulatedSite(clock, async () => store.read());
    if (store.coordination === null) throw new Error("no coordination");
    const journal = memoryJournal(store.coordination);
    const members = [5 * MINUTE, -5 * MINUTE].map(
      (offsetMs, i) => new Member(server, journal, site, { pid: i + 1, wall: BEGIN, offsetMs }),
    );
    onTestFinished(() => {
      for (const each of members) each.remove();
    });
    const random = numbers(7);
    const wakes = new Map<Member, number>();
    const seen = { pauses: 0, kills: 0, completed: 0, rolledBack: 0, terms: new Set<string>() };

    /** Ends by itself, or is left where it is paused. */
    const underWay = new Map<Member, Promise<void>>();
    async function during(member: Member, act: () => Promise<void>): Promise<void> {
      if (member.isPaused || underWay.has(member)) return;
      const work = act().finally(() => {
        if (underWay.get(member) === work) underWay.delete(member);
      });
      underWay.set(member, work);
      const isGoingOn = (): boolean => underWay.get(member) === work && !member.isPaused;
      while (isGoingOn()) await new Promise((resolve) => void setImmediate(resolve));
    }

    async function lead(member: Member): Promise<void> {
      const phase = member.rollout?.state().phase;
      if (phase === undefined || member.rollout === null || member.isPaused) return;
      const { rollout } = member;
      if (phase.name === "completed") {
        seen.completed += 1;
        // Someone ends it: the next one begins at 0.
        await store.overwrite({ edgezero_rollout_pct: "0" }, "ana");
        await ask(rollout, "reset").catch(() => {});
      } else if (phase.name === "rolled-back") {
        if (phase.rollback.cause.kind !== "outside") seen.rolledBack += 1;
        site.failing.canary = 0;
        await ask(rollout, "reset").catch(() => {});
      } else if (phase.name === "idle") await ask(rollout, "start").catch(() => {});
      else if (phase.name === "held" && phase.reason === "drifted") {
        await ask(rollout, "rollback").catch(() => {});
      }
    }

    for (let tick = 0; tick < TICKS; tick += 1) {
      await site.pass();
      if (site.windows.length > 600) site.windows.splice(0, 300);
      for (const member of members) {
        member.pass(WINDOW_MS);
        if ((wakes.get(member) ?? Infinity) <= tick) {
          wakes.delete(member);
          member.wake();
        }
        const chance = random();
        if (chance < 0.01 && !member.isPaused && !wakes.has(member)) {
          // In the middle of what it does, mostly for longer than a term.
          seen.pauses += 1;
          member.pausesAfter = Math.floor(random() * 12);
          wakes.set(member, tick + 1 + Math.floor(random() * 40));
        } else if (chance < 0.013) {
          seen.kills += 1;
          wakes.delete(member);
          underWay.delete(member);
          member.kill();
        }
      }
      if (random() < 0.004) site.failing.canary = 0.5;
      for (const member of members) await during(member, async () => member.second());
      for (const member of members) await during(member, async () => lead(member));
      if (server.fence !== null) seen.terms.add(server.fence);
    }
    const terms = seen.terms.size;
    console.info(JSON.stringify({ ...seen, terms, writes: server.writes.length }));
    expect(findingsOf(server)).toEqual([]);
    if (TICKS < 10_000) return;
    expect(seen.completed).toBeGreaterThan(20);
    expect(seen.rolledBack).toBeGreaterThan(5);
    expect(terms).toBeGreaterThan(50);
  },
);
