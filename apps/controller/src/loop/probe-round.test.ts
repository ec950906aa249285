import type { ProbeAnswer } from "@edgezero/rollout/probe";
import { expect, test } from "vitest";
import type { SendProbe } from "./probe-round.ts";
import { createProber } from "./probe-round.ts";

const SECRET = "s".repeat(32);
const MINUTE = 60_000;

/** Instances behind one balancer, which deals probes in turn. */
function balancer(epochs: Record<string, string>): SendProbe {
  let turn = 0;
  return async () => {
    const names = Object.keys(epochs);
    if (names.length === 0) return { probe: null, date: null };
    const instance = names[turn++ % names.length] ?? "";
    const probe: ProbeAnswer = {
      path: "legacy",
      reason: "bucket",
      pct: 1,
      bucket: 0,
      epoch: epochs[instance] ?? "",
      instance,
      open: null,
      place: null,
    };
    return { probe, date: null };
  };
}

function proberOf(epochs: Record<string, string>, instances: number | null) {
  const means = { instances, isCounted: true, needed: 50 };
  const urls = ["http://a.example/"];
  return createProber({ urls, secret: SECRET, means }, balancer(epochs));
}

test.each([
  { name: "all carry it", epochs: { a: "e1", b: "e1" }, instances: 2, is: [2, 2] },
  { name: "one is behind", epochs: { a: "e1", b: "e0" }, instances: 2, is: [2, 1] },
  { name: "one of three did not answer", epochs: { a: "e1", b: "e1" }, instances: 3, is: [3, 2] },
  { name: "nobody answers", epochs: {}, instances: null, is: [1, 0] },
  { name: "more answer than were named", epochs: { a: "e1", b: "e1" }, instances: 1, is: [2, 2] },
])("$name", async ({ epochs, instances, is }) => {
  const prober = proberOf(epochs, instances);
  await prober?.round("e1", MINUTE);
  const round = await prober?.round("e1", 2 * MINUTE);
  expect([round?.instances, round?.carrying]).toEqual(is);
});

test("an instance that is gone counts for five minutes, and carries nothing", async () => {
  const epochs: Record<string, string> = { a: "e1", b: "e1" };
  const prober = proberOf(epochs, null);
  await prober?.round("e1", MINUTE);
  delete epochs["b"];
  expect(await prober?.round("e1", 2 * MINUTE)).toEqual({ instances: 2, carrying: 1 });
  expect(await prober?.round("e1", 7 * MINUTE)).toEqual({ instances: 1, carrying: 1 });
});

test("without a secret or a URL nobody is probed", () => {
  const means = { instances: null, isCounted: true, needed: 50 };
  expect(createProber({ urls: [], secret: SECRET, means })).toBeNull();
  expect(createProber({ urls: ["http://a.example/"], secret: null, means })).toBeNull();
});
