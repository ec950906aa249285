import { LATENCY_BOUNDS_MS } from "@edgezero/evidence/latency-bounds";
import { openSource } from "@edgezero/evidence/open-source";
import type { EvidenceSource } from "@edgezero/evidence/source";
import { expect, test } from "vitest";
import { ingestInto } from "./ingest.ts";

const NOW = Date.UTC(2026, 10, 26, 12);
const OPTIONS = { windowMs: 1000, signals: [], bounds: LATENCY_BOUNDS_MS, env: {} };

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("events go to the source that counts them, and what it could not count is told", () => {
  const sources = [
    openSource("scrape:http://127.0.0.1:1/metrics", OPTIONS),
    openSource("events:", OPTIONS),
  ];
  expect(ingestInto(sources, bytes('{"type":"edgezero-decision"}\n'), NOW)).toEqual({
    kind: "taken",
    events: 0,
    repeated: 0,
    late: 0,
    early: 0,
    unreadable: 1,
  });
  expect(ingestInto(sources, bytes('{"type":'), NOW)).toMatchObject({
    kind: "refused",
    reason: "not-understood",
  });
});

test("without such a source events are refused", () => {
  const sources: EvidenceSource[] = [];
  expect(ingestInto(sources, bytes(""), NOW)).toMatchObject({ reason: "no-source" });
});
