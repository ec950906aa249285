import type { Attributed } from "@edgezero/rollout";
import type { ResponseEnding } from "@edgezero/rollout/attribution";
import { expect, test } from "vitest";
import { WhoseEvent } from "./whose-event.ts";

const client = { ip: "203.0.113.7" };
const request = { method: "GET", url: "/" } as never;
const state = {} as never;

test("a watched client is known while its ending is told, and not before or after", () => {
  const whose = new WhoseEvent();
  const ends: ((ending: ResponseEnding) => void)[] = [];
  const seen: unknown[] = [];
  const watch = whose.inWatch((_: typeof client, ended) => void ends.push(ended));
  watch(client, (ending) => void seen.push([ending, whose.ip]));
  seen.push(whose.ip);
  ends[0]?.("sent");
  expect([...seen, whose.ip]).toEqual([null, ["sent", client.ip], null]);
});

test.each([
  { when: "at once", later: false },
  { when: "later", later: true },
])("the client of an attribution $when is known while it is finished", async ({ later }) => {
  const whose = new WhoseEvent();
  const seen: unknown[] = [];
  const attributed: Attributed<null> = { finish: () => void seen.push(whose.ip) };
  const attribution = whose.inFinish<never, typeof client, null>(() =>
    later ? Promise.resolve(attributed) : attributed,
  );
  const wrapped = attribution?.(request, client, state);
  expect(wrapped instanceof Promise).toBe(later);
  (await wrapped)?.finish?.(null);
  expect([...seen, whose.ip]).toEqual([client.ip, null]);
});

test("a client is not known for longer where sending throws", () => {
  const whose = new WhoseEvent();
  const broken = new Error("broken");
  const watch = whose.inWatch((_: typeof client, ended) => ended("sent"));
  expect(() =>
    watch(client, () => {
      throw broken;
    }),
  ).toThrow(broken);
  expect(whose.ip).toBeNull();
});

test("what is not attributed stays so, and a client without an address has none", () => {
  const whose = new WhoseEvent();
  expect(whose.inFinish(undefined)).toBeUndefined();
  whose.inWatch((_: { ip: null }, ended) => ended("sent"))({ ip: null }, () => {
    expect(whose.ip).toBeNull();
  });
  expect.assertions(2);
});
