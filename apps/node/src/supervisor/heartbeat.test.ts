import { expect, test } from "vitest";
import { Heartbeat } from "./heartbeat.ts";

/** How many looks find no heartbeat before the worker counts as hung. */
function looksUntilSilent(heartbeat: Heartbeat): number {
  let looks = 1;
  while (!heartbeat.isSilent()) looks++;
  return looks;
}

test("a worker that starts has a minute, and ten seconds after its first heartbeat", () => {
  expect(looksUntilSilent(new Heartbeat())).toBe(61);
  const heartbeat = new Heartbeat();
  heartbeat.beat();
  expect(looksUntilSilent(heartbeat)).toBe(11);
});

test("each heartbeat begins the count again", () => {
  const heartbeat = new Heartbeat();
  heartbeat.beat();
  for (let look = 0; look < 9; look++) expect(heartbeat.isSilent()).toBe(false);
  heartbeat.beat();
  expect(looksUntilSilent(heartbeat)).toBe(11);
});
