import { gzipSync } from "node:zlib";
import type { EventsSource } from "@edgezero/evidence/events";
import { openEvents } from "@edgezero/evidence/events";
import type {
  EvidenceFixture,
  GatewayTotals,
  PathTotals,
} from "@edgezero/testbed/contracts/evidence-source";
import {
  describeEvidenceSource,
  EVIDENCE_OPTIONS,
} from "@edgezero/testbed/contracts/evidence-source";
import { beforeEach, describe, expect, test } from "vitest";

const OPTIONS = {
  ...EVIDENCE_OPTIONS,
  signals: [...EVIDENCE_OPTIONS.signals, { name: "p95", of: "latency" }] as const,
  env: {},
};
const PATHS = ["legacy", "edgezero"] as const;
const OUTCOMES = ["ok", "error", "timeout"] as const;

let ids = 0;

function line(fields: Readonly<Record<string, unknown>>): string {
  ids += 1;
  return JSON.stringify({
    type: "edgezero-decision",
    id: `event-${ids}`,
    version: 1,
    time: 10_500,
    service: "site",
    runtime: "fastly",
    path: "edgezero",
    reason: "bucket",
    rolloutPct: 10,
    bucket: 7,
    epoch: "1a",
    status: 200,
    outcome: "ok",
    durationMs: 50,
    lastByteMs: null,
    excluded: null,
    weight: 1,
    ...fields,
  });
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Gateways post what they counted since the last time; one that has counted less began again. */
async function openFixture(): Promise<EvidenceFixture> {
  const source = openEvents(OPTIONS, 0);
  let known: Readonly<Record<string, GatewayTotals>> = {};
  let shiftMs = 0;
  source.ingest(bytes(""), Date.now() - 200_000);
  return {
    source,
    async publish(at, gateways) {
      const lines: string[] = [];
      for (const [name, totals] of Object.entries(gateways)) {
        for (const path of PATHS) {
          for (const outcome of OUTCOMES) {
            const count = rise(known[name]?.[path], totals[path], outcome);
            const fields = { time: at - 400 + shiftMs, path, outcome, epoch: totals.epoch };
            for (let i = 0; i < count; i += 1) lines.push(line(fields));
          }
        }
      }
      known = gateways;
      // At least once: the second time changes nothing.
      const body = bytes(lines.join("\n"));
      source.ingest(body, at);
      source.ingest(body, at);
    },
    shiftClock: (ms) => void (shiftMs = ms),
    close: async () => source.close(),
  };
}

function rise(
  before: PathTotals | undefined,
  after: PathTotals,
  outcome: keyof PathTotals,
): number {
  const risen = after[outcome] - (before?.[outcome] ?? 0);
  return risen < 0 ? after[outcome] : risen;
}

describe("events", () => {
  describeEvidenceSource(openFixture);
});

describe("what a body of events counts", () => {
  let source: EventsSource;
  beforeEach(() => {
    source = openEvents(OPTIONS, 0);
    source.ingest(bytes(""), 10_000);
  });

  async function windows(now = 11_000): Promise<readonly unknown[]> {
    const signal = new AbortController().signal;
    const reading = await source.read({ now, since: null, signal });
    return reading.kind === "windows" ? reading.windows : [];
  }

  test.each([
    { name: "lines of JSON", wrap: (text: string) => `${text}\n` },
    { name: "an array", wrap: (text: string) => `[${text}]` },
    { name: "a shipper's field", wrap: (text: string) => JSON.stringify({ message: text }) },
    { name: "another shipper's field", wrap: (text: string) => JSON.stringify({ log: text }) },
    {
      name: "Logpush of a Worker",
      wrap: (text: string) =>
        JSON.stringify({ Outcome: "ok", Logs: [{ Message: [text, "other"] }] }),
    },
  ])("$name", async ({ wrap }) => {
    expect(source.ingest(bytes(wrap(line({ outcome: "error" }))), 10_600)).toMatchObject({
      kind: "taken",
      counted: 1,
    });
    expect(await windows()).toMatchObject([
      { canary: { requests: 1, signals: { errors: { trials: 1, hits: 1 } } } },
    ]);
  });

  test("a gzipped body counts, and one that is larger than it looks is refused", () => {
    expect(source.ingest(gzipSync(line({})), 10_600)).toMatchObject({ counted: 1 });
    const bomb = gzipSync(Buffer.alloc(17 * 1024 * 1024, " "));
    expect(source.ingest(bomb, 10_600)).toMatchObject({ kind: "refused", reason: "too-large" });
    expect(source.ingest(bomb.subarray(0, 500), 10_600)).toMatchObject({ kind: "refused" });
  });

  test("a body that is cut off counts nothing, so that it can be sent again", async () => {
    const body = `${line({})}\n${line({ outcome: "error" })}`;
    expect(source.ingest(bytes(body.slice(0, -20)), 10_600)).toMatchObject({ kind: "refused" });
    expect(source.ingest(bytes(body), 10_600)).toMatchObject({ counted: 2, repeated: 0 });
  });

  test("an event counts once, by its id", async () => {
    const body = bytes(line({ id: "a" }));
    source.ingest(body, 10_600);
    expect(source.ingest(body, 10_700)).toMatchObject({ counted: 0, repeated: 1 });
    expect(await windows()).toMatchObject([{ canary: { requests: 1 } }]);
  });

  test("an event of a settled window is dropped", async () => {
    source.ingest(bytes(line({})), 10_600);
    const before = await windows();
    expect(source.note()).toBeNull();
    expect(source.ingest(bytes(line({})), 11_100)).toMatchObject({ counted: 0, late: 1 });
    expect(source.note()).toBe(
      "not all events of the last minute count: 1 came after their window had ended (a longer delayMs waits for them)",
    );
    expect(await windows()).toEqual(before);
    await windows(71_101);
    expect(source.note()).toBeNull();
  });

  test("events from before it began are not said to be too late", () => {
    expect(source.ingest(bytes(line({ time: 9_000 })), 10_100)).toMatchObject({ late: 1 });
    expect(source.note()).toBeNull();
  });

  test.each([
    { name: "no id", fields: { id: undefined } },
    { name: "another version", fields: { version: 2 } },
    { name: "no path", fields: { path: "both" } },
    { name: "a time that is no number", fields: { time: null } },
    { name: "a weight of 0", fields: { weight: 0 } },
    { name: "an epoch that is none", fields: { epoch: "<x>" } },
  ])("an event with $name is invalid, and the others count", ({ fields }) => {
    const body = bytes(`${line(fields)}\n${line({})}`);
    expect(source.ingest(body, 10_600)).toMatchObject({ counted: 1, invalid: 1 });
  });

  test("lines of a log are no events", () => {
    const body = bytes('{"level":30,"msg":"edgezero-decision is a type"}\n{"a":1}\n');
    expect(source.ingest(body, 10_600)).toMatchObject({ counted: 0, invalid: 0 });
  });

  test("samples count by their weight, and what is excluded only as a decision", async () => {
    source.ingest(
      bytes(
        [line({ weight: 10 }), line({ outcome: "error" }), line({ excluded: "forced" })].join("\n"),
      ),
      10_600,
    );
    expect(await windows()).toMatchObject([
      {
        canary: {
          requests: 11,
          clients: null,
          signals: { errors: { trials: 11, hits: 1 }, p95: { buckets: [10, 0, 0] } },
        },
        decisions: { "1a": 12 },
        instances: null,
      },
    ]);
  });

  test("a client that leaves after 5 s is a timeout, and an earlier one is not", async () => {
    const aborted = { outcome: "aborted", status: null };
    source.ingest(
      bytes(
        [line({ ...aborted, durationMs: 5001 }), line({ ...aborted, durationMs: 4000 })].join("\n"),
      ),
      10_600,
    );
    expect(await windows()).toMatchObject([
      { canary: { signals: { late: { trials: 2, hits: 1 }, errors: { hits: 1 } } } },
    ]);
  });

  test("the epoch of most decisions counts", async () => {
    source.ingest(
      bytes([line({ epoch: "1" }), line({ epoch: "2" }), line({ epoch: "2" })].join("\n")),
      10_600,
    );
    expect(await windows()).toMatchObject([{ canary: { requests: 2 }, decisions: { 1: 1, 2: 2 } }]);
  });

  test("events whose clock is off are said to be why there is no data", async () => {
    source.ingest(bytes(line({ time: 310_000 })), 10_600);
    const signal = new AbortController().signal;
    expect(await source.read({ now: 11_000, since: null, signal })).toMatchObject({
      kind: "missing",
      reason: "no-data",
      detail: expect.stringContaining("1 are of a time to come") as string,
    });
  });
});
