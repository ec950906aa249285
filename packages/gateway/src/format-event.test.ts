import { EVENT_VERSION } from "@edgezero/rollout/attribution";
import type { DecisionEvent } from "@edgezero/rollout/attribution";
import { expect, test } from "vitest";
import { formatEvent } from "./format-event.ts";

const EVENT: DecisionEvent = {
  version: EVENT_VERSION,
  time: 1_700_000_000_000,
  service: 'two\nlines "quoted"',
  runtime: "node",
  path: "edgezero",
  reason: "bucket",
  rolloutPct: 10,
  bucket: 7,
  epoch: "ab12cd",
  status: null,
  outcome: "error",
  error: "refused",
  durationMs: 1.5,
  lastByteMs: null,
  excluded: null,
  weight: 4,
};

test("an event is one line that says what it is, and every field", () => {
  const line = formatEvent(EVENT);
  expect(line).not.toMatch(/[\r\n]/);
  const id = expect.stringMatching(/^[0-9a-f-]{36}$/) as string;
  expect(JSON.parse(line)).toEqual({ type: "edgezero-decision", id, ...EVENT });
});

test("each line has an id of its own", () => {
  const ids = [formatEvent(EVENT), formatEvent(EVENT)].map(
    (line) => /"id":"([^"]+)"/.exec(line)?.[1],
  );
  expect(new Set(ids).size).toBe(2);
});
