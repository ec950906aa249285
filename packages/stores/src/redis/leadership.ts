import { randomUUID } from "node:crypto";
import type { Holder } from "../coordination.ts";
import { holderIn, thisHolder } from "../holder.ts";
import type { FencedRecord, Leadership, Lease, LeaseTerm } from "../lease.ts";
import { StoreError } from "../operator-store.ts";
import { leadLost } from "../still-due.ts";
import { withClient } from "./client.ts";
import { leaderKey, lockKey, recordKey } from "./companion-keys.ts";
import type { RedisLocation } from "./location.ts";
import { READ_LEASE, RELEASE_LEASE, RENEW_LEASE, SAVE_RECORD, TAKE_LEASE } from "./scripts.ts";

/** Another leads within 15 s of the end of a leader: it looks each second, and needs some to begin. */
const TERM_MS = 10_000;

/** Lease and records beside the hash, in one slot with it, so that one script can use them together. */
export function redisLeadership(place: RedisLocation): Leadership {
  return {
    lease: redisLease(place),
    termMs: TERM_MS,
    record: (name, fence) => redisRecord(place, name, fence),
  };
}

function redisLease(place: RedisLocation): Lease {
  const key = leaderKey(place.key);
  const location = `${key} at ${place.shown}`;

  async function release(fence: string): Promise<void> {
    await withClient(place, `${location} may or may not have been given back`, async (client) =>
      client.eval(RELEASE_LEASE, { keys: [key], arguments: [fence] }),
    );
  }

  function termOf(fence: string, takenFrom: Holder | null, takenAt: number): LeaseTerm {
    let endsAt = takenAt + TERM_MS;
    return {
      fence,
      takenFrom,
      async renew() {
        const now = performance.now();
        // A server that was started empty has lost it. Later than that, another one may have led meanwhile.
        const isOwn = now < endsAt ? "1" : "0";
        const given = [fence, String(TERM_MS), isOwn];
        const late = `${location} may or may not have been renewed`;
        const answer = await withClient(place, late, async (client) =>
          client.eval(RENEW_LEASE, { keys: [key], arguments: given }),
        );
        if (answer === 1) endsAt = now + TERM_MS;
        return answer === 1;
      },
      release: async () => release(fence),
    };
  }

  return {
    location,
    async take(who) {
      const fence = JSON.stringify({ ...thisHolder(who, "lead"), id: randomUUID() });
      const now = performance.now();
      const late = `${location} may or may not have been taken`;
      const answer = await withClient(place, late, async (client) =>
        client.eval(TAKE_LEASE, {
          keys: [key, lockKey(place.key)],
          arguments: [fence, String(TERM_MS)],
        }),
      ).catch(async (error: unknown) => {
        // It may have been taken all the same, and nobody would lead for the length of a term.
        await release(fence).catch(() => {});
        throw error;
      });
      const [isTaken, text] = answer as [number, string];
      if (isTaken !== 1) return { kind: "following", holder: holderIn(text) };
      const takenFrom = text === "" ? null : holderIn(text);
      return { kind: "leading", term: termOf(fence, takenFrom, now) };
    },
    async holder() {
      const text = await withClient(place, `${location} cannot be read`, async (client) =>
        client.eval(READ_LEASE, { keys: [key], arguments: [] }),
      );
      return typeof text === "string" ? holderIn(text) : null;
    },
  };
}

function redisRecord(place: RedisLocation, name: string, fence: string): FencedRecord {
  const key = recordKey(place.key, name);
  const location = `${key} at ${place.shown}`;
  return {
    location,
    load: async () =>
      withClient(place, `${location} cannot be read`, async (client) => client.get(key)),
    async save(text) {
      const late = `${location} may or may not have been saved`;
      const keys = [leaderKey(place.key), key];
      const answer = await withClient(place, late, async (client) =>
        client.eval(SAVE_RECORD, { keys, arguments: [fence, text] }),
      );
      if (answer === -1)
        throw new StoreError(`${location} was not saved: the server has lost the lease`);
      if (answer !== 1) throw leadLost();
    },
  };
}
