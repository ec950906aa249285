import { ClientError } from "@edgezero/control-api/client";
import type { ViewEvent } from "@edgezero/control-api/view-events";
import { expect, test, vi } from "vitest";
import { scene } from "../../test/scenes.ts";
import { follow } from "./follow.ts";
import type { Link } from "./link.ts";

const { view } = scene("idle", Date.UTC(2026, 10, 26));

type Attempt = (signal: AbortSignal, after: string | undefined) => AsyncGenerator<ViewEvent>;

/** Follows a controller whose answers are these, one after the other. */
async function followed(attempts: readonly Attempt[], silenceMs = 1000) {
  const links: Link["kind"][] = [];
  const reasons: string[] = [];
  const stop = new AbortController();
  const afters: (string | undefined)[] = [];
  let next = 0;
  await follow({
    name: "production",
    stop: stop.signal,
    now: () => 5,
    silenceMs,
    woken: async () => {},
    onView: () => {},
    onLink: (link) => {
      links.push(link.kind);
      if ("why" in link) reasons.push(link.why);
    },
    client: () => ({
      events(_, { signal, after }) {
        afters.push(after);
        const attempt = attempts[next];
        next += 1;
        if (attempt !== undefined) return attempt(signal, after);
        stop.abort();
        return empty();
      },
    }),
  });
  return { links, reasons, afters };
}

async function* empty(): AsyncGenerator<ViewEvent> {}
async function* one(): AsyncGenerator<ViewEvent> {
  yield { id: "7", view };
}
function failing(error: unknown): Attempt {
  // oxlint-disable-next-line require-yield -- It fails before its first view.
  return async function* fail() {
    throw error;
  };
}

test("connects again after the last view that came", async () => {
  const { links, afters } = await followed([one, one]);
  expect(links).toEqual(["live", "lost", "live", "lost"]);
  expect(afters).toEqual([undefined, "7", "7"]);
});

test.each([
  {
    name: "no answer",
    error: new ClientError("unreachable", "x", null),
    why: "The controller does not answer.",
  },
  {
    name: "a proxy's page",
    error: new ClientError("not-understood", "502 came", 502),
    why: "502 came",
  },
  { name: "a broken stream", error: new TypeError("network error"), why: "The connection broke." },
])("tries again after $name", async ({ error, why }) => {
  const { links, reasons } = await followed([failing(error), one]);
  expect(links).toEqual(["lost", "live", "lost"]);
  expect(reasons[0]).toBe(why);
});

test.each([
  { status: 401, kind: "denied" },
  { status: 404, kind: "unknown" },
])("does not try again after $status", async ({ status, kind }) => {
  const { links } = await followed([failing(new ClientError("refused", "No.", status)), one]);
  expect(links).toEqual([kind]);
});

test("a connection that is silent for too long is dead", async () => {
  vi.useFakeTimers();
  try {
    const silent: Attempt = async function* wait(signal) {
      yield { id: "1", view };
      await new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(new Error("aborted")));
      });
    };
    const running = followed([silent]);
    await vi.advanceTimersByTimeAsync(1001);
    const { links, reasons } = await running;
    expect(links).toEqual(["live", "lost"]);
    expect(reasons).toEqual(["Nothing came for too long."]);
  } finally {
    vi.useRealTimers();
  }
});
