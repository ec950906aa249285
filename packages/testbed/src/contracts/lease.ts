import type { Lease, LeaseAttempt, LeaseTerm } from "@edgezero/stores/lease";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

/** A lease under test that nobody holds. */
export interface LeaseFixture {
  readonly lease: Lease;
  /** Opens the same lease once more, as another process does. */
  openAgain(): Lease;
  /** Leaves the lease like a leader `who` that dies without releasing it. */
  leaveBehind(who: string): Promise<void>;
  close(): Promise<void>;
}

/** The term of an attempt that must lead. */
function termOf(attempt: LeaseAttempt): LeaseTerm {
  if (attempt.kind === "leading") return attempt.term;
  throw new Error(`it does not lead: ${attempt.holder.who} does`);
}

/**
 * The contract of `Lease`, which every implementation runs:
 *
 * ```ts
 * describe("file lease", () => {
 *   describeLease(async () => openFixture());
 * });
 * ```
 */
export function describeLease(open: () => Promise<LeaseFixture>): void {
  describe("lease contract", () => {
    let fixture: LeaseFixture;
    let lease: Lease;
    beforeEach(async () => {
      fixture = await open();
      ({ lease } = fixture);
    });
    afterEach(async () => fixture.close());

    test("nobody leads at first", async () => {
      expect(await lease.holder()).toBeNull();
    });

    test("the first leads, and another follows and learns who leads", async () => {
      const term = termOf(await lease.take("ann@test"));
      expect(term.takenFrom).toBeNull();
      const another = fixture.openAgain();
      expect(await another.take("bob@test")).toMatchObject({
        kind: "following",
        holder: { who: "ann@test" },
      });
      expect(await another.holder()).toMatchObject({ who: "ann@test" });
      expect(await term.renew()).toBe(true);
    });

    test("after a release another leads, in a term of another name", async () => {
      const first = termOf(await lease.take("ann@test"));
      await first.release();
      expect(await lease.holder()).toBeNull();
      const second = termOf(await fixture.openAgain().take("bob@test"));
      expect(second.takenFrom).toBeNull();
      expect(second.fence).not.toBe(first.fence);
    });

    test("an old term neither renews nor ends the one of another", async () => {
      const first = termOf(await lease.take("ann@test"));
      await first.release();
      const second = termOf(await fixture.openAgain().take("bob@test"));
      expect(await first.renew()).toBe(false);
      await first.release();
      expect(await second.renew()).toBe(true);
      expect(await lease.holder()).toMatchObject({ who: "bob@test" });
    });

    test("of many at once exactly one leads", async () => {
      const attempts = await Promise.all(
        Array.from({ length: 10 }, async (_, i) => fixture.openAgain().take(`${i}@test`)),
      );
      expect(attempts.filter(({ kind }) => kind === "leading")).toHaveLength(1);
    });

    test("a leader that died is followed by another, who learns from whom", async () => {
      await fixture.leaveBehind("ann@test");
      const term = termOf(await lease.take("bob@test"));
      expect(term.takenFrom).toMatchObject({ who: "ann@test" });
      expect(await lease.holder()).toMatchObject({ who: "bob@test" });
    });

    test("says where it is", () => {
      expect(lease.location).not.toBe("");
    });
  });
}
