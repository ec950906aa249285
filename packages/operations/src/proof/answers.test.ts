import { expect, test } from "vitest";
import type { Sample } from "../probe/probe.ts";
import { pendingSample } from "../probe/probe.ts";
import { lastFault } from "./answers.ts";

const refused: Sample = { ...pendingSample(7, 0), answeredAt: 3, fault: "connect ECONNREFUSED" };
const pending = pendingSample(8, 5);
const answered: Sample = { ...pendingSample(9, 6), answeredAt: 8, path: "legacy", fault: null };

test.each([
  { name: "no probe", samples: [], expected: "no probe was sent" },
  { name: "one under way", samples: [pending], expected: "no response yet" },
  { name: "one under way after a fault", samples: [refused, pending], expected: refused.fault },
  { name: "a fault before an answer", samples: [refused, answered], expected: refused.fault },
])("why no probe was answered: $name", ({ samples, expected }) => {
  expect(lastFault(samples)).toBe(expected);
});
