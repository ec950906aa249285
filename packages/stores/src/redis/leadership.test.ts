import type { Lease } from "../lease.ts";
import { describeLease } from "@edgezero/testbed/contracts/lease";
import { describeWithRedis } from "@edgezero/testbed/redis/describe-with-redis";
import type { RedisServer } from "@edgezero/testbed/redis/redis-server";
import { startRedis } from "@edgezero/testbed/redis/redis-server";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Leadership, LeaseTerm } from "../lease.ts";
import type { OperatorStore } from "../operator-store.ts";
import { StoreConflictError } from "../operator-store.ts";
import { openStore } from "./operator.ts";

const LEADER = "{trusted_server_config}:leader";
const LOCK = "{trusted_server_config}:lock";
const AT_10 = { edgezero_enabled: "true", edgezero_rollout_pct: "10" } as const;

function leadershipOf(of: OperatorStore): Leadership {
  if (of.leadership === null || of.leadership === undefined) throw new Error("no leadership");
  return of.leadership;
}

async function lead(lease: Lease, who = "ann@test"): Promise<LeaseTerm> {
  const attempt = await lease.take(who);
  if (attempt.kind === "following") throw new Error(`${attempt.holder.who} leads`);
  return attempt.term;
}

describeWithRedis("Redis leadership", () => {
  let redis: RedisServer;
  let store: OperatorStore;
  let leadership: Leadership;
  beforeAll(async () => {
    redis = await startRedis();
  });
  beforeEach(async () => {
    await redis.command("FLUSHALL");
    await redis.write(AT_10);
    store = openStore(redis.url);
    leadership = leadershipOf(store);
  });
  afterAll(async () => redis?.close());

  /** As if its time had passed on the server. */
  async function expire(): Promise<void> {
    await redis.command("HSET", LEADER, "until", "1");
  }

  async function serverTimeMs(): Promise<number> {
    const [seconds, micros] = (await redis.command("TIME")) as [string, string];
    return 1000 * Number(seconds) + Math.floor(Number(micros) / 1000);
  }

  describeLease(async () => ({
    lease: leadership.lease,
    openAgain: () => leadershipOf(openStore(redis.url)).lease,
    async leaveBehind(who) {
      await lead(leadership.lease, who);
      await expire();
    },
    close: async () => {},
  }));

  test("a term that is not renewed ends by the server's clock, and is taken over", async () => {
    const before = await serverTimeMs();
    const first = await lead(leadership.lease);
    const after = await serverTimeMs();
    const until = Number(await redis.command("HGET", LEADER, "until"));
    expect(until).toBeGreaterThanOrEqual(before + leadership.termMs);
    expect(until).toBeLessThanOrEqual(after + leadership.termMs);
    await expire();
    expect(await leadership.lease.holder()).toBeNull();
    const second = await lead(leadership.lease, "bob@test");
    expect(second.takenFrom).toMatchObject({ who: "ann@test" });
    expect(await first.renew()).toBe(false);
    expect(await second.renew()).toBe(true);
  });

  test("a term whose time is over goes on where nobody has taken it", async () => {
    const term = await lead(leadership.lease);
    await expire();
    expect(await term.renew()).toBe(true);
    expect(await leadership.lease.holder()).toMatchObject({ who: "ann@test" });
  });

  test("after the server's clock was set back a dead leader is in the way for one term", async () => {
    await lead(leadership.lease);
    const far = Date.now() + 3_600_000;
    await redis.command("HSET", LEADER, "until", String(far));
    expect((await leadership.lease.take("bob@test")).kind).toBe("following");
    const until = Number(await redis.command("HGET", LEADER, "until"));
    expect(until).toBeLessThanOrEqual(Date.now() + leadership.termMs + 1000);
  });

  test("a server that was started empty has the lease again, and a released one stays released", async () => {
    const term = await lead(leadership.lease);
    await redis.command("FLUSHALL");
    expect(await term.renew()).toBe(true);
    expect((await leadership.lease.take("bob@test")).kind).toBe("following");
    await term.release();
    expect(await term.renew()).toBe(false);
    expect(await leadership.lease.holder()).toBeNull();
  });

  /** Raises as a controller does. */
  async function raise(leader: string | null, pct: string): Promise<void> {
    const lock = await store.coordination?.lock.take("ann@test", "set");
    if (lock?.kind !== "held") throw new Error("the lock is not free");
    const guard = { expected: AT_10, lock: lock.lock, mark: null, leader };
    try {
      await store.write({ edgezero_rollout_pct: pct }, guard);
    } finally {
      await lock.lock.release();
    }
  }

  test("a raise counts in the leader's term alone, and a person's change in any", async () => {
    const first = await lead(leadership.lease);
    await expire();
    const second = await lead(leadership.lease, "bob@test");
    await expect(raise(first.fence, "50")).rejects.toThrow("another controller may lead");
    expect(await store.read()).toEqual(AT_10);
    await raise(second.fence, "20");
    expect(await store.read()).toMatchObject({ edgezero_rollout_pct: "20" });
    await store.overwrite({ edgezero_rollout_pct: "10" }, "cal@test");
    const mark = (await store.coordination?.mark.read()) ?? null;
    const lock = await store.coordination?.lock.take("cal@test", "set");
    if (lock?.kind !== "held") throw new Error("the lock is not free");
    await store.write({ edgezero_rollout_pct: "30" }, { expected: AT_10, lock: lock.lock, mark });
    expect(await store.read()).toMatchObject({ edgezero_rollout_pct: "30" });
  });

  test("a 0 needs no lease", async () => {
    const first = await lead(leadership.lease);
    await expire();
    await lead(leadership.lease, "bob@test");
    expect(await first.renew()).toBe(false);
    await store.overwrite({ edgezero_rollout_pct: "0" }, "ann@test");
    expect(await store.read()).toMatchObject({ edgezero_rollout_pct: "0" });
  });

  test("only the leader saves a record, and anyone reads it", async () => {
    const first = await lead(leadership.lease);
    const record = leadership.record("state", first.fence);
    expect(await record.load()).toBeNull();
    await record.save("one");
    await expire();
    const second = await lead(leadership.lease, "bob@test");
    await expect(record.save("two")).rejects.toThrow("another controller may lead");
    expect(await leadership.record("state", second.fence).load()).toBe("one");
    await leadership.record("state", second.fence).save("three");
    expect(await record.load()).toBe("three");
  });

  test("a record that a server without the lease refuses is not called another controller's", async () => {
    const term = await lead(leadership.lease);
    await redis.command("FLUSHALL");
    const saving = leadership.record("state", term.fence).save("one");
    await expect(saving).rejects.toThrow("was not saved: the server has lost the lease");
    // A copy elsewhere is saved then, as where the server cannot be reached.
    await expect(saving).rejects.not.toBeInstanceOf(StoreConflictError);
    await term.release();
    await lead(leadership.lease).then(async (next) => next.release());
    await expect(leadership.record("state", term.fence).save("two")).rejects.toBeInstanceOf(
      StoreConflictError,
    );
  });

  test("who takes a lease over frees the lock that the leader before had, and no other", async () => {
    const { lock } = store.coordination ?? {};
    await lead(leadership.lease);
    // The lock of this process, which holds the lease too.
    expect((await lock?.take("ann@test", "set"))?.kind).toBe("held");
    await expire();
    await lead(leadership.lease, "bob@test");
    expect(await redis.command("EXISTS", LOCK)).toBe(0);
    const other = { who: "cal@test", host: "elsewhere", pid: 7, since: new Date().toISOString() };
    await redis.command("SET", LOCK, JSON.stringify({ ...other, command: "set" }), "PX", "60000");
    await expire();
    await lead(leadership.lease, "dan@test");
    expect(await redis.command("EXISTS", LOCK)).toBe(1);
  });
});
