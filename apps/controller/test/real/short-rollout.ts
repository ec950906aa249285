import type { ControllerProcess } from "./controller-process.ts";
import type { Origin } from "./origin.ts";

/** Windows of a second, and stages of some seconds. */
export const SHORT_PLAN = {
  stages: [
    { pct: 1, hold: "3s", minRequests: 5 },
    { pct: 10, hold: "5s" },
    { pct: 50, hold: "5s" },
    { pct: 100, hold: "3s" },
  ],
  window: "1s",
  propagation: "2s",
} as const;

/** The same, with a hold at 10% that does not end. */
export const STAYS_AT_TEN = {
  ...SHORT_PLAN,
  stages: [SHORT_PLAN.stages[0], { pct: 10, hold: "10m" }],
} as const;

/** Where another program takes the machine's time, windows are late and a proof is rightly denied. */
export const MAY_BE_BUSY = { retry: 2, timeout: 240_000 } as const;

/** Begins the rollout that a controller leads, once the controller has seen its store. */
export async function beginRollout(controller: ControllerProcess): Promise<void> {
  await controller.until(({ pct }) => pct === 0, 30_000);
  await controller.ask("start");
}

/**
 * Lets every request of EdgeZero fail from the 10% stage on, and waits until that is rolled back. Prints the
 * times, and gives how long after the first failure the rollback was proven, in milliseconds.
 */
export async function failAtTen(
  controller: ControllerProcess,
  edgezero: Origin,
  source: string,
): Promise<number> {
  await controller.until(({ pct, state }) => pct === 10 && state === "observing", 120_000);
  edgezero.failing = 1;
  await controller.until(({ state }) => state === "rolled-back", 30_000);
  const provenAt = performance.now();
  const failedAt = edgezero.failedAt ?? 0;
  console.log(
    `${source}, 100%: last EdgeZero response ${(edgezero.askedAt ?? 0) - failedAt} ms after the first failure, proven ${provenAt - failedAt} ms`,
  );
  return provenAt - failedAt;
}
