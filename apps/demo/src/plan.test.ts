import { expect, test } from "vitest";
import { clientBucket } from "@edgezero/rollout";
import { ADDRESSES, BAD_CLIENT, CLIENTS } from "./load/clients.ts";
import { DAY_MS, MEAN_RPS, rpsAt } from "./load/day.ts";
import { outlook, PLAN } from "./plan.ts";
import { FAULTS, HEALTHY } from "./site/fault.ts";

test("5% errors would be found within the hold of each stage", () => {
  const found = outlook();
  expect(found.map(({ pct }) => pct)).toEqual(PLAN.stages.map(({ pct }) => pct));
  for (const [i, { seconds }] of found.entries()) {
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThan(Number(PLAN.stages[i]?.hold.replace("s", "")));
  }
});

test("a day has as many requests as its mean says", () => {
  const moments = Array.from({ length: 1000 }, (_, i) => rpsAt((i * DAY_MS) / 1000));
  expect(moments.reduce((sum, rps) => sum + rps) / 1000).toBeCloseTo(MEAN_RPS, 6);
});

test("EdgeZero gets the share of clients that each stage asks for, and the bad one from the first", () => {
  expect(new Set(ADDRESSES).size).toBe(CLIENTS);
  for (const { pct } of PLAN.stages) {
    const share = ADDRESSES.filter((each) => clientBucket(each) < pct).length / CLIENTS;
    expect(Math.abs(share - pct / 100)).toBeLessThan(0.05 * (pct / 100));
  }
  expect(clientBucket(BAD_CLIENT)).toBe(0);
});

test.each(Object.entries(FAULTS))("%s changes something", (_, { conditions }) => {
  expect(conditions).not.toEqual(HEALTHY);
});
