import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { TestAttribution } from "../../test/attributed-gateway.ts";
import { attributedGateway } from "../../test/attributed-gateway.ts";
import { throws } from "../../test/scripted-store.ts";
import { URL_OF_SITE } from "../../test/test-gateway.ts";
import type { ResponseEnding } from "./attribution-options.ts";
import type { OriginFault } from "./decision-event.ts";

const NOW = 1_700_000_000_000;
const error = new Error("broken");

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date", "performance", "setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const after = (ms: number, status: number) =>
  new Promise<Response>((resolve) => setTimeout(() => resolve(new Response(null, { status })), ms));

describe("where the runtime can tell when a response is sent", () => {
  test.each<{ ending: ResponseEnding; status: number; outcome: string; lastByteMs: number | null }>(
    [
      { ending: "sent", status: 200, outcome: "ok", lastByteMs: 75 },
      { ending: "sent", status: 503, outcome: "error", lastByteMs: 75 },
      { ending: "sent", status: 504, outcome: "timeout", lastByteMs: 75 },
      { ending: "broken-off", status: 200, outcome: "error", lastByteMs: null },
      { ending: "aborted-by-client", status: 200, outcome: "aborted", lastByteMs: null },
      { ending: "aborted-by-client", status: 504, outcome: "aborted", lastByteMs: null },
    ],
  )("the event waits: $status, $ending is $outcome", async ({ ending, status, ...told }) => {
    const client = { ip: "1.2.3.4" };
    const ends: ((how: ResponseEnding) => void)[] = [];
    const watched: unknown[] = [];
    const watchEnding: TestAttribution["watchEnding"] = (whose, ended) => {
      watched.push(whose);
      ends.push(ended);
    };
    const { events, send } = attributedGateway(
      { watchEnding },
      { edgezero: () => after(40, status) },
    );
    const response = send(new Request(URL_OF_SITE), client);
    await vi.advanceTimersByTimeAsync(40);
    await response;
    expect(watched[0]).toBe(client);
    expect(events).toEqual([]);
    vi.advanceTimersByTime(35);
    ends[0]?.(ending);
    ends[0]?.("sent");
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ status, ...told, time: NOW + 40, durationMs: 40 });
  });

  test.each([
    { when: "before", ends: false },
    { when: "after", ends: true },
  ])("one event is sent, also where watching throws $when it has ended", async ({ ends }) => {
    const watchEnding: TestAttribution["watchEnding"] = (_client, ended) => {
      if (ends) ended("aborted-by-client");
      throw error;
    };
    const { events, send } = attributedGateway({ watchEnding });
    expect((await send()).status).toBe(200);
    expect(events).toMatchObject([{ outcome: ends ? "aborted" : "ok", lastByteMs: null }]);
  });

  test("the event names the fault that there was when the response had ended", async () => {
    const client = { ip: "1.2.3.4" };
    const faults = new Map<unknown, OriginFault>();
    const ends: ((how: ResponseEnding) => void)[] = [];
    const { events, send } = attributedGateway({
      watchEnding: (_client, ended) => void ends.push(ended),
      faultOf: (whose) => faults.get(whose) ?? null,
    });
    await send(new Request(URL_OF_SITE), client);
    faults.set(client, "reset");
    ends[0]?.("broken-off");
    await send();
    ends[1]?.("sent");
    expect(events).toMatchObject([
      { outcome: "error", error: "reset" },
      { outcome: "ok", error: null },
    ]);
  });

  test("an ending of what a handler threw is an error, or an abort", async () => {
    for (const [ending, outcome] of [
      ["sent", "error"],
      ["broken-off", "error"],
      ["aborted-by-client", "aborted"],
    ] as const) {
      const { events, send } = attributedGateway(
        { watchEnding: (_client, ended) => ended(ending) },
        { edgezero: throws(error) as () => never },
      );
      await expect(send()).rejects.toBe(error);
      expect(events).toMatchObject([{ status: null, outcome }]);
    }
  });
});
