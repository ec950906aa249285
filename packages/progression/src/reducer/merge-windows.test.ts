import { expect, test } from "vitest";
import { path, PLAN, Rollout, WINDOW } from "../../test/site.ts";
import type { EvidenceWindow } from "./event.ts";
import { mergeWindows } from "./merge-windows.ts";

const FROM = 1_000_000;

function window(requests: number, more: Partial<EvidenceWindow> = {}): EvidenceWindow {
  return {
    from: FROM,
    to: FROM + WINDOW,
    canary: path({ requests, failures: 1, clients: { all: requests / 10, failing: 1 } }),
    control: path({ requests: 9 * requests, clients: { all: requests, failing: 0 } }),
    decisions: { a: 10 * requests },
    instances: 2,
    ...more,
  };
}

test("counts of two sources add up, and of distinct clients the most count", () => {
  expect(mergeWindows([window(100), window(300)])).toEqual({
    ...window(400, { instances: 4 }),
    canary: {
      ...path({ requests: 400, failures: 2 }),
      clients: { all: 30, failing: 1 },
    },
    control: { ...path({ requests: 3600 }), clients: { all: 300, failing: 0 } },
  });
});

test("what one source does not give is not given", () => {
  const blind = window(100, {
    canary: path({ requests: 100, without: ["p95"] }),
    instances: null,
  });
  const merged = mergeWindows([window(100), blind]);
  expect(Object.keys(merged?.canary.signals ?? {})).toEqual(["errors", "timeouts"]);
  expect(merged?.canary.clients).toBeNull();
  expect(merged?.instances).toBeNull();
});

test("buckets that differ are not added", () => {
  const other = window(100);
  const canary = { ...other.canary, signals: { p95: { buckets: [1, 2] } } };
  expect(mergeWindows([window(100), { ...other, canary }])?.canary.signals).toEqual({});
});

test.each([
  { name: "no window", windows: [] },
  { name: "other intervals", windows: [window(1), window(1, { to: FROM + 2 * WINDOW })] },
])("$name is no window", ({ windows }) => {
  expect(mergeWindows(windows)).toBeNull();
});

test("a rollout on two sources that are merged goes to its end", () => {
  const rollout = new Rollout(PLAN).begin();
  rollout.alter = (one) => {
    const merged = mergeWindows([one, one]);
    if (merged === null) throw new Error("windows of one interval that were not merged");
    return merged;
  };
  rollout.until("completed");
  expect(rollout.pct).toBe(100);
});
