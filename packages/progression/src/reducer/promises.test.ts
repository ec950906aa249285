import { expect, test } from "vitest";
import { runHistories } from "../../test/histories/run-histories.ts";
import { HELD_REASONS } from "./phase.ts";

/** `HISTORIES=5000` is enough while other work is under way; `simulate` runs a million. */
const HISTORIES = Number(process.env["HISTORIES"] ?? 100_000);

test("random histories break no promise, and reach every state", { timeout: 600_000 }, async () => {
  const visits = await runHistories(HISTORIES);
  const reasons = HELD_REASONS.map((reason) => `held: ${reason}`);
  const names = ["idle", "warming-up", "propagating", "observing", "awaiting-approval", "paused"];
  const ends = ["rolling-back", "rolled-back", "rollback-unverified", "completed"];
  const unseen = [...reasons, ...names, ...ends].filter((name) => !visits.has(name));
  expect(unseen).toEqual([]);
});
