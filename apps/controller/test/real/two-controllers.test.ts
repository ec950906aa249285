import { describeWithRedis } from "@edgezero/testbed/redis/describe-with-redis";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ControllerProcess } from "./controller-process.ts";
import type { ReceiverServer } from "../notify/receiver-server.ts";
import { SECRET, startReceiver } from "../notify/receiver-server.ts";
import type { SharedSite } from "./shared-site.ts";
import { startSharedSite } from "./shared-site.ts";

const MAY_BE_BUSY = { retry: 1, timeout: 180_000 };
async function metrics({ url }: ControllerProcess): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

/**
 * From the end of the one to what the other one shows: twice the promise, which `test:long` holds it to. A stall of
 * the machine counts in it.
 */
const TAKEOVER_MS = 30_000;

describeWithRedis("two controllers on Redis", () => {
  let site: SharedSite;
  let receiver: ReceiverServer;
  beforeEach(async () => {
    receiver = await startReceiver(() => ({ status: 204 }));
    const notify = [{ name: "pager", url: receiver.url, secretEnv: "PAGER", allowPrivate: true }];
    site = await startSharedSite({ more: { notify }, variables: { PAGER: SECRET } });
  });
  afterEach(async () => {
    await site?.close();
    await receiver?.close();
  });

  async function pair(): Promise<[ControllerProcess, ControllerProcess]> {
    const first = await site.start("a");
    await first.until(({ state, pct }) => state === "idle" && pct !== null, 30_000);
    const second = await site.start("b");
    return [first, second];
  }

  /** What receivers are told of, without the time at which it began. */
  const told = (type: string): readonly string[] =>
    receiver.got
      .filter((each) => each.type === `edgezero.incident.${type}`)
      .map(({ incident }) => incident.replace(/-\d+$/, ""));

  /** What receivers are told of the lease. */
  const leaseTypes = (): readonly string[] =>
    receiver.got.filter(({ incident }) => incident.includes("/lease-")).map(({ type }) => type);

  test("one leads, the other stands by, says so, and refuses commands", MAY_BE_BUSY, async () => {
    const [first, second] = await pair();
    const view = await second.view();
    expect(view).toMatchObject({ state: "following", pages: [], pct: null });
    expect(view.sentence).toContain(`Process ${first.pid} on `);
    await expect(second.ask("start")).rejects.toThrow(`Nothing was done: Process ${first.pid} on `);
    expect(await metrics(first)).toContain(
      'edgezero_controller_leading{environment="production"} 1',
    );
    expect(await metrics(second)).toContain(
      'edgezero_controller_leading{environment="production"} 0',
    );
    expect((await fetch(`${second.url}/readyz`)).status).toBe(200);
  });

  test(
    "after a kill the other one goes on with the same rollout in time",
    MAY_BE_BUSY,
    async () => {
      const [first, second] = await pair();
      await first.ask("start");
      await first.until(({ state, pct }) => state === "observing" && pct === 10, 60_000);
      const since = performance.now();
      await first.end("SIGKILL");
      const view = await second.until(({ pct }) => pct !== null, 45_000);
      const takenMs = performance.now() - since;
      console.info(`taken over in ${(takenMs / 1000).toFixed(1)} s`);
      expect(takenMs).toBeLessThan(TAKEOVER_MS);
      expect(view.pct).toBe(10);
      const done = await second.until(({ state }) => state === "completed", 120_000);
      expect(done.pct).toBe(100);
      expect(done.timeline.map(({ sentence }) => sentence).join("\n")).toContain(
        "did not renew its lease",
      );
      expect(await site.raises()).toEqual([10, 50, 100]);
      await expect
        .poll(leaseTypes)
        .toEqual(["edgezero.incident.opened", "edgezero.incident.resolved"]);
      expect(receiver.got[0]?.body).toContain(`Process ${first.pid} on `);
    },
  );

  test("a controller that ends hands over at once", MAY_BE_BUSY, async () => {
    const [first, second] = await pair();
    await first.end("SIGTERM");
    await second.until(({ state }) => state === "idle", 30_000);
    // A lease that has run out would be told.
    expect(leaseTypes()).toEqual([]);
  });

  test(
    "those that began while Redis was paused tell the end of it, the one that leads and the other",
    MAY_BE_BUSY,
    async () => {
      // What was told before is shared, and knows nothing of what each tells while Redis is paused.
      const before = await site.start("a");
      await before.until(({ state, pct }) => state === "idle" && pct !== null, 30_000);
      await before.end("SIGTERM");
      site.redis.child().kill("SIGSTOP");
      const both = await Promise.all([site.start("a"), site.start("b")]);
      const ofBoth = ["production/unavailable", "production/unavailable"];
      await expect.poll(() => told("opened"), { timeout: 30_000 }).toEqual(ofBoth);
      expect(told("resolved")).toEqual([]);
      site.redis.child().kill("SIGCONT");
      await expect.poll(() => told("resolved"), { timeout: 30_000 }).toEqual(ofBoth);
      const states = (await Promise.all(both.map(async (each) => each.view()))).map(
        ({ state }) => state,
      );
      expect(states.toSorted()).toEqual(["following", "idle"]);
    },
  );

  test(
    "one that slept longer than its lease writes nothing, and says so",
    MAY_BE_BUSY,
    async () => {
      const [first, second] = await pair();
      await first.ask("start");
      await first.until(({ state, pct }) => state === "observing" && pct === 10, 60_000);
      process.kill(first.pid, "SIGSTOP");
      await second.until(({ pct }) => pct !== null, 30_000);
      await second.until(({ pct }) => pct === 50, 60_000);
      process.kill(first.pid, "SIGCONT");
      const view = await first.until(({ state }) => state === "following", 15_000);
      expect(view.sentence).toContain("It led before, and lost the lease at ");
      await expect
        .poll(() => first.lines.join("\n"))
        .toContain("the lease was lost: another controller may lead");
      expect(await (await fetch(`${first.url}/metrics`)).text()).toContain(
        'edgezero_controller_leases_lost_total{environment="production"} 1',
      );
      await second.until(({ state }) => state === "completed", 120_000);
      expect(await site.raises()).toEqual([10, 50, 100]);
    },
  );

  test(
    "a breach while the leader is stopped is rolled back by the other",
    MAY_BE_BUSY,
    async () => {
      const [first, second] = await pair();
      await first.ask("start");
      await first.until(({ state, pct }) => state === "observing" && pct === 10, 60_000);
      process.kill(first.pid, "SIGSTOP");
      site.failing(1);
      const since = performance.now();
      await second.until(({ rollback }) => (rollback?.writtenAt ?? null) !== null, 60_000);
      console.info(
        `0 written ${((performance.now() - since) / 1000).toFixed(1)} s after the breach`,
      );
      const view = await second.until(({ state }) => state === "rolled-back", 60_000);
      expect(view.pct).toBe(0);
      process.kill(first.pid, "SIGCONT");
      await first.until(({ state }) => state === "following", 15_000);
      expect((await site.values()).edgezero_rollout_pct).toBe("0");
      expect(await site.raises()).toEqual([10]);
    },
  );
});
