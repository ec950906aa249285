import { describeWithRedis } from "@edgezero/testbed/redis/describe-with-redis";
import { expect, onTestFinished, test } from "vitest";
import { SECRET, startReceiver } from "../notify/receiver-server.ts";
import { SHARED_PLAN, startSharedSite } from "../real/shared-site.ts";

describeWithRedis(
  "two controllers on a Redis that hangs for longer than data may be missing",
  () => {
    test(
      "the one that stands by tells that it cannot read who leads, and the end of it",
      {
        timeout: 180_000,
      },
      async () => {
        const receiver = await startReceiver(() => ({ status: 204 }));
        onTestFinished(async () => receiver.close());
        const notify = [
          { name: "pager", url: receiver.url, secretEnv: "PAGER", allowPrivate: true },
        ];
        const plan = { ...SHARED_PLAN, noData: { grace: "1s", page: "5s" } };
        const site = await startSharedSite({
          more: { notify, plan },
          variables: { PAGER: SECRET },
        });
        onTestFinished(async () => site.close());
        const first = await site.start("a");
        await first.until(({ state, pct }) => state === "idle" && pct !== null, 30_000);
        const second = await site.start("b");
        await second.until(({ state }) => state === "following", 30_000);

        const told = (): readonly string[] =>
          receiver.got.map(({ type, incident }) => `${type} ${incident}`);
        site.redis.child().kill("SIGSTOP");
        await second.until(({ state }) => state === "unavailable", 30_000);
        const incident = `production/unavailable-${(await second.view()).pages[0]?.since}`;
        const opened = `edgezero.incident.opened ${incident}`;
        await expect.poll(told, { timeout: 60_000 }).toEqual([opened]);
        site.redis.child().kill("SIGCONT");
        // Either of them leads then: where it is this one, it tells the end as the leader.
        const resolved = `edgezero.incident.resolved ${incident}`;
        await expect.poll(told, { timeout: 60_000 }).toContain(resolved);
      },
    );
  },
);
