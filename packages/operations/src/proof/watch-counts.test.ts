import { readRollout } from "@edgezero/rollout";
import { expect, test } from "vitest";
import type { Sample } from "../probe/probe.ts";
import type { Claim, ProofMeans } from "./claim.ts";
import { countsOf } from "./watch-counts.ts";

const stateOf = async (pct: string): ReturnType<typeof readRollout> =>
  readRollout({ get: (key) => (key === "edgezero_enabled" ? "true" : pct) });

const at10 = await stateOf("10");
const at5 = await stateOf("5");
const at0 = await stateOf("0");

const MEANS: ProofMeans = { isSigned: true, instances: 1, isCounted: true, needed: 20 };
const CLAIM: Claim = {
  state: at0,
  since: 100,
  follows: { before: { kind: "epoch", epoch: at10.epoch }, startedAt: 90 },
};

interface Said {
  readonly epoch?: string;
  readonly from?: string | null;
  readonly ago?: number | null;
}

/** An answer of legacy to a signed probe, 2 ms after it was sent. */
function said(sentAt: number, { epoch = at0.epoch, from = null, ago = null }: Said = {}): Sample {
  const decided = { path: "legacy", reason: "rollback", pct: 0, bucket: 50 } as const;
  const instance = "0000000000000001";
  const probe = { ...decided, epoch, instance, open: null, place: null, from, ago };
  return {
    clientIp: "",
    bucket: 50,
    sentAt,
    answeredAt: sentAt + 2,
    status: 204,
    isMisdated: false,
    path: "legacy",
    detail: null,
    date: null,
    fault: null,
    probe,
  };
}

const changed = (samples: readonly Sample[], claim = CLAIM): number | null =>
  countsOf(samples, claim, MEANS).changedAfterMs;

test("a gateway that was seen by the old values changed with its first answer by the new ones", () => {
  expect(changed([said(10, { epoch: at10.epoch }), said(110), said(160)])).toBe(22);
});

test("a gateway that was first asked after the write changed if it tells of that", () => {
  expect(changed([said(110, { from: at10.epoch, ago: 5 }), said(160)])).toBe(22);
});

test.each([
  { name: "tells of no change", told: {} },
  { name: "tells of one from other values", told: { from: at5.epoch, ago: 5 } },
  { name: "tells of one before the write began", told: { from: at10.epoch, ago: 23 } },
])("a gateway that $name was not seen to change", ({ told }) => {
  expect(changed([said(110, told)])).toBeNull();
});

test("a write that follows nothing known gives no time to an answer that tells of a change", () => {
  const follows = { before: { kind: "unknown" }, startedAt: 90 } as const;
  expect(changed([said(110, { from: at10.epoch, ago: 5 })], { ...CLAIM, follows })).toBeNull();
});
