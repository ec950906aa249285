import { randomUUID } from "node:crypto";
import type { ChangeLock, Coordination, Holder, RollbackMark } from "../coordination.ts";
import { LOCK_STALE_AFTER_MS } from "../coordination.ts";
import { holderIn, isGone, thisHolder } from "../holder.ts";
import { newMark } from "../rollback-mark.ts";
import { withClient } from "./client.ts";
import { lockKey, markKey } from "./companion-keys.ts";
import { replyCode } from "./faults.ts";
import type { RedisLocation } from "./location.ts";
import { RELEASE_LOCK, TAKE_LOCK } from "./scripts.ts";

/** Each attempt meets another holder that is gone, so that more than one is rare. */
const ATTEMPTS = 100;

/** Lock and mark as two keys beside the hash. A lock ends by itself, on the server's clock. */
export function redisCoordination(place: RedisLocation): Coordination {
  return { location: place.shown, lock: redisLock(place), mark: redisMark(place) };
}

function redisLock(place: RedisLocation): ChangeLock {
  const key = lockKey(place.key);
  const location = `${key} at ${place.shown}`;

  async function release(fence: string): Promise<void> {
    await withClient(place, `${location} may or may not have been given back`, async (client) =>
      client.eval(RELEASE_LOCK, { keys: [key], arguments: [fence] }),
    );
  }

  /** Gives the lock that was left behind where there was one, or the holder that is in the way. */
  async function tryTake(fence: string): Promise<{ takenFrom: Holder | null } | { busy: Holder }> {
    const late = `${location} may or may not have been taken`;
    return withClient(place, late, async (client) => {
      let leftBehind = "";
      let takenFrom: Holder | null = null;
      for (let attempt = 1; ; attempt++) {
        const given = [fence, leftBehind, String(LOCK_STALE_AFTER_MS)];
        const held = await client.eval(TAKE_LOCK, { keys: [key], arguments: given });
        if (typeof held !== "string") return { takenFrom };
        const holder = holderIn(held);
        if (!isGone(holder) || attempt === ATTEMPTS) return { busy: holder };
        leftBehind = held;
        takenFrom = holder;
      }
    });
  }

  return {
    location,
    async take(who, command) {
      const fence = JSON.stringify({ ...thisHolder(who, command), id: randomUUID() });
      const outcome = await tryTake(fence).catch(async (error: unknown) => {
        // It may have been taken all the same, and would then be in the way of the next attempt.
        await release(fence).catch(() => {});
        throw error;
      });
      if ("busy" in outcome) return { kind: "busy", holder: outcome.busy };
      const { takenFrom } = outcome;
      return { kind: "held", lock: { fence, takenFrom, release: async () => release(fence) } };
    },
    async holder() {
      const held = await withClient(place, `${location} cannot be read`, async (client) =>
        client.get(key),
      );
      const holder = held === null ? null : holderIn(held);
      return holder === null || isGone(holder) ? null : holder;
    },
  };
}

function redisMark(place: RedisLocation): RollbackMark {
  const key = markKey(place.key);
  return {
    async read() {
      return withClient(place, `${key} at ${place.shown} cannot be read`, async (client) => {
        try {
          return await client.get(key);
        } catch (error) {
          // Who may only read the rollout can see it all the same. A write by such a user is refused.
          if (replyCode(error) === "NOPERM") return null;
          throw error;
        }
      });
    },
    async leave(who) {
      await withClient(place, `${key} may or may not have been left`, async (client) =>
        client.set(key, newMark(who)),
      );
    },
  };
}
