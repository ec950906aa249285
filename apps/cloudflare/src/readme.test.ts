import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { EVENT_VERSION } from "@edgezero/rollout/attribution";
import type { DecisionEvent } from "@edgezero/rollout/attribution";
import { expect, test } from "vitest";
import { toDataPoint } from "./analytics.ts";

const README = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const QUERY = /```sql\n([^`]+)```/.exec(README)?.[1] ?? "";

const EVENT: DecisionEvent = {
  version: EVENT_VERSION,
  time: 1,
  service: "edgezero-rollout",
  runtime: "cloudflare",
  path: "legacy",
  reason: "bucket",
  rolloutPct: 1,
  bucket: 50,
  epoch: "ab12cd",
  status: 200,
  outcome: "ok",
  error: null,
  durationMs: 1,
  lastByteMs: null,
  excluded: null,
  weight: 1,
};

/** What an event is, and how many like it Analytics Engine says that it stands for. */
const STORED: [Partial<DecisionEvent>, number][] = [
  [{}, 100],
  [{ weight: 4 }, 10],
  [{ outcome: "error", status: 500 }, 20],
  [{ outcome: "timeout", status: 504 }, 30],
  [{ outcome: "aborted" }, 10],
  [{ path: "edgezero" }, 2],
  [{ path: "edgezero", outcome: "error", status: 503 }, 1],
  [{ path: "edgezero", outcome: "error", status: 503, excluded: "forced" }, 1000],
  [{ path: "edgezero", outcome: "error", service: "another" }, 1000],
];

test("the query gives each path's requests and error rate, by both weights", () => {
  const database = new DatabaseSync(":memory:");
  database.exec(
    `CREATE TABLE edgezero_events (timestamp, _sample_interval, index1,
       ${columns("blob", 20)}, ${columns("double", 20)})`,
  );
  for (const [differing, interval] of STORED) {
    const { indexes, blobs, doubles } = toDataPoint({ ...EVENT, ...differing });
    const values = [1, interval, ...indexes, ...filled(blobs, ""), ...filled(doubles, 0)];
    const places = values.map(() => "?").join(", ");
    database.prepare(`INSERT INTO edgezero_events VALUES (${places})`).run(...values);
  }
  // The one part of the query that is of Analytics Engine's own SQL.
  const query = QUERY.replace("NOW() - INTERVAL '1' HOUR", "0");
  expect(query).not.toBe(QUERY);
  const rows = database.prepare(`${query} ORDER BY path`).all();
  expect(rows).toEqual([
    { path: "edgezero", requests: 3, error_rate: 1 / 3 },
    { path: "legacy", requests: 200, error_rate: 0.25 },
  ]);
});

function columns(kind: string, count: number): string {
  return Array.from({ length: count }, (_, i) => `${kind}${i + 1}`).join(", ");
}

function filled<T>(values: readonly T[], filler: T): T[] {
  return [...values, ...Array<T>(20 - values.length).fill(filler)];
}
