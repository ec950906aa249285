import type { RolloutReason } from "@edgezero/rollout";
import { fnv1aBucket } from "@edgezero/rollout";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { ConfigContent, GatewayProcess } from "@edgezero/testbed/node/gateway-process";
import { startGatewayProcess } from "@edgezero/testbed/node/gateway-process";
import type { Answer } from "@edgezero/testbed/http-client";
import { send } from "@edgezero/testbed/http-client";

const DISABLED = "routing request through legacy path (edgezero_enabled=false)";
const NO_PCT = "routing request through legacy path (rollout_pct=0)";
const CUTOVER = "routing request through EdgeZero path (rollout_pct=100)";
const UNOPENED = "config store cannot be opened";
const FLAG_UNREADABLE = "edgezero_enabled cannot be read";
const PCT_UNREADABLE = "edgezero_rollout_pct cannot be read";
const PCT_ABSENT = "edgezero_rollout_pct key absent, defaulting to 0 (legacy path — fail safe)";
const PCT_INVALID = "edgezero_rollout_pct is not a whole number from 0 to 100";

let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGatewayProcess({}, { LOG_LEVEL: "debug" });
});

afterAll(async () => gateway.stopCleanly());

/** Sends one request, and gives the decision that was logged for it. */
async function route(clientIp?: string): Promise<Answer & { decision: Record<string, unknown> }> {
  const before = gateway.stdout.length;
  const answer = await send(gateway.url, clientIp === undefined ? {} : { clientIp });
  const decision = await vi.waitFor(() => {
    const line = gateway
      .logged()
      .slice(before)
      .find(({ msg }) => String(msg).startsWith("routing "));
    if (line === undefined) throw new Error("the decision is not logged yet");
    return line;
  }, 10_000);
  return { ...answer, decision };
}

/** What a request gets that goes to legacy for that reason. */
function legacyFor(reason: RolloutReason, line: string): unknown {
  const decision = { level: 20, msg: line, path: "legacy", reason, rolloutPct: 0 };
  return expect.objectContaining({
    status: 200,
    path: "legacy",
    text: expect.stringContaining("legacy") as string,
    decision: expect.objectContaining(decision) as unknown,
  });
}

function enabledAt(pct: unknown): ConfigContent {
  return { edgezero_enabled: "true", edgezero_rollout_pct: pct };
}

function loggedOf(reason: RolloutReason, level: number): unknown[] {
  return gateway.logged().filter((line) => line["reason"] === reason && line["level"] === level);
}

describe("store cannot be opened: legacy, store-unavailable", () => {
  test.each([
    ["invalid JSON", "not json"],
    ["an empty file", ""],
    ["a JSON array", "[]"],
  ])("%s", async (_, content) => {
    gateway.writeConfig(content);
    expect(await route()).toEqual(legacyFor("store-unavailable", DISABLED));
    expect(loggedOf("store-unavailable", 40)).toEqual([
      expect.objectContaining({ msg: expect.stringContaining(UNOPENED) as string, heldBack: 0 }),
    ]);
  });

  test("a missing file", async () => {
    const another = await startGatewayProcess(null);
    const { status, path } = await send(another.url);
    expect([status, path]).toEqual([200, "legacy"]);
    await another.stopCleanly();
    expect(another.logged()).toContainEqual(
      expect.objectContaining({ msg: "config file cannot be read, all requests go to legacy" }),
    );
  });
});

describe("flag cannot be read: legacy, flag-unreadable", () => {
  test.each([true, 1, null, {}])("a value that is not a string: %j", async (flag) => {
    gateway.writeConfig({ edgezero_enabled: flag, edgezero_rollout_pct: "100" });
    expect(await route()).toEqual(legacyFor("flag-unreadable", DISABLED));
    expect(loggedOf("flag-unreadable", 40)).toEqual([
      expect.objectContaining({ msg: expect.stringContaining(FLAG_UNREADABLE) as string }),
    ]);
  });
});

describe("flag absent or anything but true or 1: legacy, disabled", () => {
  test.each([undefined, "false", "0", "yes", "on", "", "truee", "\ufefftrue", "01"])(
    "flag %j",
    async (flag) => {
      gateway.writeConfig({ edgezero_enabled: flag, edgezero_rollout_pct: "100" });
      expect(await route()).toEqual(legacyFor("disabled", DISABLED));
      expect(loggedOf("disabled", 40)).toEqual([]);
    },
  );

  test("the percentage is not read: that it is broken is not noticed", async () => {
    gateway.writeConfig({ edgezero_enabled: "false", edgezero_rollout_pct: 100 });
    expect(await route()).toEqual(legacyFor("disabled", DISABLED));
  });
});

describe("percentage cannot be read: legacy, pct-unreadable", () => {
  test.each([50, true, null, ["50"]])("a value that is not a string: %j", async (pct) => {
    gateway.writeConfig(enabledAt(pct));
    expect(await route()).toEqual(legacyFor("pct-unreadable", NO_PCT));
    expect(loggedOf("pct-unreadable", 40)).toEqual([
      expect.objectContaining({ msg: expect.stringContaining(PCT_UNREADABLE) as string }),
    ]);
  });
});

test("percentage absent: legacy, pct-absent", async () => {
  gateway.writeConfig({ edgezero_enabled: "true" });
  expect(await route()).toEqual(legacyFor("pct-absent", NO_PCT));
  expect(loggedOf("pct-absent", 40)).toEqual([]);
  expect(gateway.logged()).toContainEqual(expect.objectContaining({ level: 20, msg: PCT_ABSENT }));
});

describe("percentage invalid or over 100: legacy, pct-invalid", () => {
  test.each(["101", "65536", "-1", "1.5", "1e1", "0x10", "abc", "", "\ufeff50", "5 0", "50%"])(
    "percentage %j",
    async (pct) => {
      gateway.writeConfig(enabledAt(pct));
      expect(await route()).toEqual(legacyFor("pct-invalid", NO_PCT));
      expect(loggedOf("pct-invalid", 40)).toEqual([
        expect.objectContaining({ msg: expect.stringContaining(PCT_INVALID) as string }),
      ]);
    },
  );
});

describe("percentage 0: legacy, rollback", () => {
  test.each(["0", "+0", "000", " 0\n"])("percentage %j", async (pct) => {
    gateway.writeConfig(enabledAt(pct));
    expect(await route()).toEqual(legacyFor("rollback", NO_PCT));
  });
});

describe("percentage 100: edgezero, cutover", () => {
  test.each([
    ["true", "100"],
    ["1", "+100"],
    [" TRUE\u0085", "00100\u0085"],
  ])("flag %j, percentage %j", async (flag, pct) => {
    gateway.writeConfig({ edgezero_enabled: flag, edgezero_rollout_pct: pct });
    const { status, path, text, decision } = await route();
    expect(status).toBe(200);
    expect(path).toBe("edgezero");
    expect(text).toContain("EdgeZero");
    const expected = { level: 20, msg: CUTOVER, path: "edgezero", reason: "cutover" };
    expect(decision).toMatchObject({ ...expected, rolloutPct: 100 });
  });
});

describe("percentage 1 to 99: by the client's bucket", () => {
  test.each([1, 10, 50, 99])("percentage %i, on both sides of the line", async (pct) => {
    gateway.writeConfig(enabledAt(String(pct)));
    for (const bucket of [pct - 1, pct]) {
      const isOn = bucket < pct;
      const { path, decision } = await route(clientIn(bucket));
      expect(path).toBe(isOn ? "edgezero" : "legacy");
      expect(decision).toMatchObject({ path, reason: "bucket", rolloutPct: pct, bucket });
      const why = `(bucket=${bucket}, rollout_pct=${pct})`;
      expect(decision["msg"]).toBe(
        `routing request through ${isOn ? "EdgeZero" : "legacy"} path ${why}`,
      );
    }
  });
});

/** A loopback address in that bucket. */
function clientIn(bucket: number): string {
  for (let i = 0; i < 250 * 250; i++) {
    const address = `127.1.${Math.floor(i / 250)}.${(i % 250) + 1}`;
    if (fnv1aBucket(address) === bucket) return address;
  }
  throw new Error(`no address is in bucket ${bucket}`);
}
