import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Shares } from "./shares.ts";

test("clients that wait are served in turn, however many requests each has", () => {
  const shares = new Shares<string>({ maxHeld: 8, maxWaiting: 100 });
  for (let i = 0; i < 5; i++) shares.enqueue(shares.of("a"), `a${i}`);
  shares.enqueue(shares.of("b"), "b0");
  shares.enqueue(shares.of("c"), "c0");
  const order = Array.from({ length: 8 }, () => shares.next());
  expect(order).toEqual(["a0", "b0", "c0", "a1", "a2", "a3", "a4", undefined]);
});

test("one client holds at most seven eighths, and waits until it holds less", () => {
  const shares = new Shares<string>({ maxHeld: 8, maxWaiting: 100 });
  const share = shares.of("a");
  for (let i = 0; i < 7; i++) shares.hold(share);
  expect(shares.mayHoldMore(share)).toBe(false);
  shares.enqueue(share, "more");
  expect(shares.next()).toBeUndefined();
  expect(shares.mayHoldMore(shares.of("b"))).toBe(true);
  shares.release(share);
  expect(shares.next()).toBe("more");
});

test("one client fills half of the queue, and all together fill it", () => {
  const shares = new Shares<number>({ maxHeld: 1, maxWaiting: 4 });
  const enqueue = (client: string): boolean => shares.enqueue(shares.of(client), Math.random());
  expect(["a", "a", "a", "b", "b", "b", "c"].map(enqueue)).toEqual([
    true,
    true,
    false,
    true,
    true,
    false,
    false,
  ]);
  expect(shares.waiting).toBe(4);
});

test("counts stay true, and nothing is lost, whatever happens in whatever order", () => {
  const step = fc.record({
    kind: fc.constantFrom("enqueue", "leave", "next", "release"),
    client: fc.constantFrom("a", "b", "c"),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const shares = new Shares<{ client: string }>({ maxHeld: 4, maxWaiting: 6 });
      const waiting: { client: string }[] = [];
      const held: string[] = [];
      for (const { kind, client } of steps) {
        if (kind === "enqueue") {
          const waiter = { client };
          if (shares.enqueue(shares.of(client), waiter)) waiting.push(waiter);
        } else if (kind === "leave") {
          const index = waiting.findIndex((each) => each.client === client);
          const [waiter] = index < 0 ? [] : waiting.splice(index, 1);
          if (waiter) shares.leave(shares.of(client), waiter);
        } else if (kind === "next") {
          const waiter = held.length < 4 ? shares.next() : undefined;
          if (waiter === undefined) continue;
          waiting.splice(waiting.indexOf(waiter), 1);
          shares.hold(shares.of(waiter.client));
          held.push(waiter.client);
        } else if (held.includes(client)) {
          held.splice(held.indexOf(client), 1);
          shares.release(shares.of(client));
        }
        expect(shares.waiting).toBe(waiting.length);
        for (const each of ["a", "b", "c"]) {
          const count = held.filter((one) => one === each).length;
          expect(shares.of(each).held).toBe(count);
        }
      }
      for (const client of held) shares.release(shares.of(client));
      const rest = waiting.map(() => shares.next());
      expect(new Set(rest)).toEqual(new Set(waiting));
    }),
    { numRuns: 300 },
  );
});
