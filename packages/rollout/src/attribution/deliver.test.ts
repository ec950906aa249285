import { describe, expect, test } from "vitest";
import { attributedGateway } from "../../test/attributed-gateway.ts";
import { neverAnswers, rejects, throws } from "../../test/scripted-store.ts";
import { unhandledRejectionsOf } from "../../test/unhandled-rejections.ts";
import type { DecisionEvent, EventSink } from "./decision-event.ts";
import { createDelivery } from "./deliver.ts";

const error = new Error("sink");
const eventAt = (time: number) => ({ time }) as DecisionEvent;

/** A delivery to a sink, and the times of the events that were dropped. */
function deliveryTo(sink: unknown) {
  const dropped: number[] = [];
  const deliver = createDelivery(sink as EventSink, ({ time }) => void dropped.push(time));
  return { deliver: (time: number) => deliver(eventAt(time)), dropped };
}

test("each event reaches the sink at once, in order", () => {
  const taken: number[] = [];
  const { deliver, dropped } = deliveryTo((event: DecisionEvent) => void taken.push(event.time));
  for (let i = 0; i < 3000; i++) {
    deliver(i);
    expect(taken).toHaveLength(i + 1);
  }
  expect(taken).toEqual(Array.from({ length: 3000 }, (_, i) => i));
  expect(dropped).toEqual([]);
});

describe("an event is dropped, once", () => {
  test.each([
    { when: "throws", sink: throws(error) },
    { when: "throws undefined", sink: throws(undefined) },
    { when: "rejects", sink: rejects(error) },
    { when: "is no function", sink: null },
  ])("where its sink $when", async ({ sink }) => {
    const { deliver, dropped } = deliveryTo(sink);
    const unhandled = await unhandledRejectionsOf(async () => {
      for (let i = 0; i < 3; i++) deliver(i);
    });
    expect(dropped).toEqual([0, 1, 2]);
    expect(unhandled).toEqual([]);
  });

  test("where a thousand before it are not done", async () => {
    let taken = 0;
    const { deliver, dropped } = deliveryTo(() => {
      taken++;
      return neverAnswers();
    });
    for (let i = 0; i < 5000; i++) deliver(i);
    expect(taken).toBe(1000);
    expect(dropped).toEqual(Array.from({ length: 4000 }, (_, i) => 1000 + i));
  });
});

test.each([
  { how: "are done", settle: (end: PromiseWithResolvers<void>) => end.resolve(), more: 0 },
  { how: "have failed", settle: (end: PromiseWithResolvers<void>) => end.reject(error), more: 400 },
])("a full sink is asked again for as many events as $how", async ({ settle, more }) => {
  const pending: PromiseWithResolvers<void>[] = [];
  const { deliver, dropped } = deliveryTo(() => {
    const sending = Promise.withResolvers<void>();
    pending.push(sending);
    return sending.promise;
  });
  for (let i = 0; i < 1200; i++) deliver(i);
  expect(dropped).toHaveLength(200);
  pending.slice(0, 400).forEach(settle);
  await new Promise(setImmediate);
  for (let i = 0; i < 500; i++) deliver(i);
  expect(pending).toHaveLength(1400);
  expect(dropped).toHaveLength(200 + more + 100);
});

describe("the listener for dropped events", () => {
  test.each([
    { how: "throws", onDropped: throws(error) },
    { how: "rejects", onDropped: rejects(error) },
    { how: "never answers", onDropped: neverAnswers },
    { how: "is not there", onDropped: undefined },
  ])("changes nothing where it $how", async ({ onDropped }) => {
    const taken: DecisionEvent[] = [];
    const unhandled = await unhandledRejectionsOf(async () => {
      const { send } = attributedGateway({
        sinks: [
          throws(error) as () => never,
          rejects(error) as EventSink,
          (event) => void taken.push(event),
        ],
        onDropped: onDropped,
      });
      expect((await send()).status).toBe(200);
      expect((await send()).status).toBe(200);
    });
    expect(taken).toHaveLength(2);
    expect(unhandled).toEqual([]);
  });

  test("hears once for each sink that did not take an event", async () => {
    const dropped: DecisionEvent[] = [];
    const { events, send } = attributedGateway({
      sinks: [throws(error) as () => never, () => {}, rejects(error) as EventSink],
      onDropped: (event) => void dropped.push(event),
    });
    await send();
    await new Promise(setImmediate);
    expect(events).toEqual([]);
    expect(dropped).toHaveLength(2);
    expect(dropped[0]).toBe(dropped[1]);
    expect(dropped[0]).toMatchObject({ path: "edgezero", status: 200 });
  });
});

test("a response does not wait for its sinks", async () => {
  const { send } = attributedGateway({ sinks: [neverAnswers as EventSink] });
  for (let i = 0; i < 1500; i++) expect((await send()).status).toBe(200);
});
