import { expect, onTestFinished, test } from "vitest";
import type { Ports } from "../../test/stage.ts";
import { Stage } from "../../test/stage.ts";
import type { Rollbacks, RollbacksOptions } from "./rollbacks.ts";
import { createRollbacks } from "./rollbacks.ts";

const CAUSE = { kind: "operator", by: "ana" } as const;

/** Rollbacks whose store is read by `read`. No gateway is named. */
function open(
  read: (ports: Ports) => Ports["store"]["read"],
  more: Pick<RollbacksOptions, "onZeroed" | "onProved" | "proofMs">,
): Rollbacks {
  const stage = new Stage();
  const stop = new AbortController();
  onTestFinished(() => {
    stop.abort();
    stage.remove();
  });
  const ports = stage.ports();
  return createRollbacks({
    place: stage.place({ ...ports, store: { ...ports.store, read: read(ports) } }),
    clock: stage.clock,
    isProofDue: true,
    stop: stop.signal,
    onNotZeroed() {},
    onFault: (error) => expect.unreachable(String(error)),
    ...more,
  });
}

test("a proof that is asked for while an older one runs follows it", async () => {
  const held = Promise.withResolvers<void>();
  let isHeld = false;
  const proved: string[] = [];
  const zeroed: string[] = [];
  const rollbacks = open(
    (ports) => async () => {
      const values = await ports.store.read();
      if (isHeld) {
        isHeld = false;
        await held.promise;
      }
      return values;
    },
    {
      proofMs: 10_000,
      onZeroed(id) {
        zeroed.push(id);
        isHeld = id === "zero-1";
        rollbacks.prove(id);
      },
      onProved: (id) => proved.push(id),
    },
  );
  rollbacks.write("zero-1", CAUSE);
  // The proof reads the store at its end, and that read hangs.
  await expect.poll(() => zeroed.length === 1 && !isHeld).toBe(true);
  rollbacks.write("zero-2", CAUSE);
  await rollbacks.written();
  expect([zeroed, proved]).toEqual([["zero-1", "zero-2"], []]);
  held.resolve();
  await rollbacks.settled();
  expect(proved).toEqual(["zero-1", "zero-2"]);
});

test("a proof of another process's 0 does not wait for ever for a store that hangs", async () => {
  const proved: unknown[] = [];
  const rollbacks = open(() => async () => new Promise(() => {}), {
    proofMs: 50,
    onZeroed() {},
    onProved: (...all) => proved.push(all),
  });
  rollbacks.prove("zero-1");
  await rollbacks.settled();
  expect(proved).toEqual([["zero-1", false, "The store could not be read: no answer in 50 ms"]]);
});

test("the record of a 0 ends, although nobody asks for its proof", async () => {
  let trail: Ports["journal"] | null = null;
  const rollbacks = open(
    (ports) => {
      trail = ports.journal;
      return async () => ports.store.read();
    },
    // An operator has reset the rollout meanwhile.
    { proofMs: 10_000, onZeroed() {}, onProved: () => expect.unreachable() },
  );
  rollbacks.write("zero-1", CAUSE);
  await rollbacks.settled();
  const read = async (): Promise<unknown> => {
    const { entries } = (await trail?.read()) ?? { entries: [] };
    return entries.map((entry) => [entry.kind, entry.kind === "result" ? entry.result : null]);
  };
  expect(await read()).toEqual([
    ["intent", null],
    ["result", "unverified"],
  ]);
});
