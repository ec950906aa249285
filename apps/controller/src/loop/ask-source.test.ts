import type { EvidenceReading } from "@edgezero/evidence/source";
import { expect, test } from "vitest";
import { askerOf } from "./ask-source.ts";
import { SYSTEM_CLOCK } from "./clock.ts";
import { steadyTime } from "./steady-time.ts";

test("a source that wants a pause is not asked, and its data is missing meanwhile", async () => {
  let wall = 1_000_000;
  let asked = 0;
  const limited: EvidenceReading = {
    kind: "missing",
    reason: "rate-limited",
    detail: "the status is 429",
    retryAfterMs: 3_600_000,
  };
  const source = {
    name: "prometheus" as const,
    location: "",
    read: async () => {
      asked += 1;
      return limited;
    },
    close: async () => {},
  };
  const clock = { ...SYSTEM_CLOCK, wall: () => wall, elapsed: () => wall };
  const asker = askerOf(source, steadyTime(clock, 0), 15_000);
  const given: unknown[] = [await asker.ask(null)];
  wall += 1_800_000;
  given.push(await asker.ask(null));
  expect(given).toEqual([
    { type: "evidence-failed", at: 1_000_000, source: "prometheus" },
    { type: "evidence-failed", at: 2_800_000, source: "prometheus" },
  ]);
  expect(asked).toBe(1);
  wall += 1_800_000;
  await asker.ask(null);
  expect(asked).toBe(2);
});
