import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { OnStage } from "../stage.ts";
import { send } from "../http-client.ts";
import type { Sample } from "../load.ts";
import { startLoad } from "../load.ts";
import type { Runtime } from "../runtime.ts";
import { allTo } from "../stage.ts";

const PER_SECOND = 200;
/** The requests of two seconds. */
const REQUESTS_PER_PHASE = 400;
const PHASES = ["legacy", "edgezero", "legacy"] as const;

/** A change: all traffic goes one way until the next one. */
interface Change {
  readonly path: string;
  readonly startedAt: number;
  /** When the write was done: from here on every request must obey, after the propagation. */
  doneAt: number;
}

/** The percentage goes 0 → 100 → 0 under load. */
export function describeLiveFlip({ clients }: Runtime, onStage: OnStage): void {
  describe("live flip", () => {
    test(`0 → 100 → 0 at ${PER_SECOND} requests a second: none fails, each obeys`, async () => {
      const { gateway, origins } = onStage();
      for (const path of ["legacy", "edgezero"] as const) {
        origins[path].handler = (_, response) => void response.end(path);
      }
      const target = await gateway.underLoad();
      await target.write(allTo(PHASES[0]));

      const changes: Change[] = [{ path: PHASES[0], startedAt: 0, doneAt: 0 }];
      let next = 0;
      const load = startLoad(PER_SECOND, async () => {
        const clientIp = clients[next++ % clients.length]?.text ?? "";
        const { status, path, text } = await send(target, { clientIp });
        return status === 200 && text === path ? path : `status ${status}, ${path}: ${text}`;
      });
      await load.sent(REQUESTS_PER_PHASE);
      for (const path of PHASES.slice(1)) {
        const change = { path, startedAt: performance.now(), doneAt: Infinity };
        changes.push(change);
        await target.write(allTo(path));
        change.doneAt = performance.now();
        // A time, not a number of requests: after a stall, those that are late are sent at once.
        await delay(target.propagationMs);
        await load.sent(REQUESTS_PER_PHASE);
      }
      const samples = await load.stop();

      const wrong = samples.filter((sample) => {
        return !allowedFor(sample, changes, target.propagationMs).includes(sample.outcome);
      });
      expect(wrong).toEqual([]);
      // In each phase some requests could take only the path of that phase.
      const certain = samples.filter((sample) => {
        return new Set(allowedFor(sample, changes, target.propagationMs)).size === 1;
      });
      expect(runsOf(certain.map(({ outcome }) => outcome))).toEqual(PHASES);
      expect(certain.length).toBeGreaterThan(REQUESTS_PER_PHASE);
    });
  });
}

/** The paths that were in force at some time between a request's start and its end. */
function allowedFor(
  { startedAt, endedAt }: Sample,
  changes: readonly Change[],
  propagationMs: number,
): string[] {
  return changes
    .filter((change, i) => {
      const replacedAt = (changes[i + 1]?.doneAt ?? Infinity) + propagationMs;
      return change.startedAt <= endedAt && replacedAt >= startedAt;
    })
    .map(({ path }) => path);
}

/** The outcomes, with each run of equal ones as one. */
function runsOf(outcomes: readonly string[]): string[] {
  return outcomes.filter((outcome, i) => outcome !== outcomes[i - 1]);
}
