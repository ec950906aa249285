import type { Logger } from "@edgezero/rollout";
import type { DecisionEvent } from "@edgezero/rollout/attribution";
import { expect, test } from "vitest";
import { warnOfDropped } from "./dropped-events.ts";

const EVENT = {} as DecisionEvent;

test("dropped events are counted, and said at most once a minute", () => {
  const said: unknown[] = [];
  const logger = { warn: (_, fields) => void said.push(fields) } as Partial<Logger> as Logger;
  let nowMs = 5;
  const drop = warnOfDropped(logger, () => nowMs);
  for (let i = 0; i < 3; i++) drop(EVENT);
  expect(said).toEqual([{ dropped: 1 }]);
  nowMs += 59_999;
  drop(EVENT);
  expect(said).toHaveLength(1);
  nowMs += 1;
  drop(EVENT);
  expect(said).toEqual([{ dropped: 1 }, { dropped: 4 }]);
});
