import type { RolloutPath } from "@edgezero/rollout";
import { clientBucket } from "@edgezero/rollout";
import { parseDecision } from "@edgezero/rollout/attribution";
import { describe, expect, test } from "vitest";
import type { Reading } from "../reading.ts";
import { readingOf } from "../reading.ts";
import { parsePath } from "./parse-path.ts";
import type { Sample } from "./probe.ts";
import { judge } from "./survey.ts";
import { clientsByBucket, spreadClients } from "./synthetic-clients.ts";

const at10 = await readingOf({ edgezero_enabled: "true", edgezero_rollout_pct: "10" });
const at0 = await readingOf({ edgezero_enabled: "true", edgezero_rollout_pct: "0" });

describe("the headers", () => {
  test.each([
    ["reason=bucket; pct=10; bucket=7; epoch=ab12cd", ["bucket", 10, 7, "ab12cd"]],
    ["reason=rollback; pct=0; epoch=ab12cd", ["rollback", 0, null, "ab12cd"]],
    ["epoch=ab12cd;reason=disabled", ["disabled", null, null, "ab12cd"]],
    ["reason=bucket; pct=900; bucket=-1; epoch=<b>", ["bucket", null, null, null]],
    ["something else", null],
    ["", null],
    [undefined, null],
  ])("%s", (value, parts) => {
    const detail = parseDecision(value);
    expect(detail && [detail.reason, detail.pct, detail.bucket, detail.epoch]).toEqual(parts);
  });

  test.each([
    ["legacy", "legacy"],
    ["edgezero", "edgezero"],
    ["EdgeZero", null],
    [undefined, null],
  ])("the path %s is %s", (value, path) => {
    expect(parsePath(value)).toBe(path);
  });
});

describe("the clients that probes claim to be", () => {
  test("a hundred are one of each bucket", () => {
    const clients = spreadClients(100);
    expect(new Set(clients.map(({ bucket }) => bucket)).size).toBe(100);
    expect(new Set(clients.map(({ ip }) => ip)).size).toBe(100);
    expect(clients.every(({ ip, bucket }) => clientBucket(ip) === bucket)).toBe(true);
    expect(spreadClients(250)).toHaveLength(250);
  });

  test("those of a rollback are of the buckets that are asked for, and distinct", () => {
    const clientOf = clientsByBucket();
    const buckets = Array.from({ length: 200 }, (_, i) => (i * 7) % 100);
    const ips = buckets.map((bucket) => clientOf(bucket).ip);
    expect(ips.map(clientBucket)).toEqual(buckets);
    expect(new Set(ips).size).toBe(200);
  });
});

interface Served {
  readonly pct: number;
  readonly epoch?: string;
  /** All probes are this one client. */
  readonly one?: number;
}

/** What a gateway would have answered. */
function round({ pct, epoch, one }: Served): Sample[] {
  return spreadClients(100).map(({ ip, bucket: own }) => {
    const bucket = one ?? own;
    const path: RolloutPath = bucket < pct ? "edgezero" : "legacy";
    const detail =
      epoch === undefined
        ? null
        : { reason: "bucket", pct, bucket: pct % 100 ? bucket : null, epoch };
    return sample({ clientIp: ip, path, detail });
  });
}

function sample(parts: Partial<Sample>): Sample {
  return {
    clientIp: "198.18.0.1",
    bucket: clientBucket(parts.clientIp ?? "198.18.0.1"),
    probe: null,
    isMisdated: false,
    sentAt: 0,
    answeredAt: 1,
    status: 200,
    path: "legacy",
    detail: null,
    date: null,
    fault: null,
    ...parts,
  };
}

describe("what is served against what is configured", () => {
  const { epoch } = at10.state;
  test.each([
    ["the same, told by epoch", { pct: 10, epoch }, at10, true, "epoch", "yes", 10],
    ["the same, told by path", { pct: 10 }, at10, true, "path", "yes", 10],
    ["older values, told by epoch", { pct: 10, epoch: "abc" }, at10, false, "epoch", "yes", 10],
    ["another share, told by path", { pct: 50 }, at10, false, "path", "yes", 50],
    ["one client, told by epoch", { pct: 10, epoch, one: 42 }, at10, true, "epoch", "no", null],
    ["one client, not told", { pct: 10, one: 42 }, at10, null, "nothing", "unknown", null],
    ["EdgeZero where nothing may be", { pct: 10 }, at0, false, "path", "yes", 10],
    ["legacy for all", { pct: 0 }, at0, true, "path", "unknown", 0],
  ] as const)("%s", (_, served: Served, reading: Reading, agrees, judgedBy, honoured, share) => {
    const found = judge("http://gateway/", round(served), reading, 0);
    expect(found).toMatchObject({ agrees, judgedBy, forwardedForHonoured: honoured });
    expect(found.sharePct).toBe(share);
  });

  test("a clock that is off is told by the fastest answer, whatever the others took", () => {
    const fast = sample({ sentAt: 5000, answeredAt: 5010, date: 1_000_000 + 5000 - 3_600_000 });
    const slow = sample({ sentAt: 100, answeredAt: 9000, date: 1_000_000 + 9000 - 3_600_000 });
    const skews = [[slow, fast], [fast]].map(
      (samples) => judge("http://gateway/", samples, at0, 1_000_000).clockSkewS,
    );
    expect(skews).toEqual([-3600, -3600]);
  });

  test("one client's bucket is named", () => {
    const found = judge("http://gateway/", round({ pct: 10, epoch, one: 42 }), at10, 0);
    expect(found.ownBucket).toBe(42);
  });

  test("what did not answer may serve anything", () => {
    const failed = sample({ path: null, fault: "connect ECONNREFUSED" });
    const found = judge("http://gateway/", [...round({ pct: 10, epoch }), failed], at10, 0);
    expect(found).toMatchObject({ agrees: null, failed: 1, fault: "connect ECONNREFUSED" });
    expect(judge("http://gateway/", [failed], at10, 0)).toMatchObject({
      agrees: null,
      sharePct: null,
    });
  });

  test("a process behind the url that is not there yet is found", () => {
    const mixed = [
      ...round({ pct: 10, epoch }).slice(0, 99),
      ...round({ pct: 10, epoch: "abc" }).slice(99),
    ];
    expect(judge("http://gateway/", mixed, at10, 0).agrees).toBe(false);
  });
});
