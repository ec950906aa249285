import type { EvidenceWindow } from "@edgezero/progression";
import { expect, test } from "vitest";
import { createObservedClients } from "./observed-clients.ts";

const WINDOW = 2000;

function window(to: number, failing: number, all = 40): EvidenceWindow {
  const signals = {};
  return {
    from: to - WINDOW,
    to,
    canary: { requests: 100, clients: { all, failing }, signals },
    control: { requests: 900, clients: { all: 400, failing: 2 }, signals },
    decisions: {},
    instances: 1,
  };
}

test("shows the newest counts by a moment, none older than three windows, none of another percentage", () => {
  const clients = createObservedClients();
  expect(clients.at(100_000, 0)).toBeNull();
  clients.add([window(98_000, 3), window(100_000, 5)]);
  expect(clients.at(100_000, 0)).toEqual({
    to: 100_000,
    edgezero: { all: 40, failing: 5 },
    legacy: { all: 400, failing: 2 },
  });
  expect(clients.at(99_000, 0)?.edgezero.failing).toBe(3);
  expect(clients.at(100_000 + 3 * WINDOW, 0)).not.toBeNull();
  expect(clients.at(100_000 + 3 * WINDOW + 1, 0)).toBeNull();
  expect(clients.at(100_000, 99_000)).toBeNull();
});

test("the counts at a rollback stay, however long legacy serves all after it", () => {
  const clients = createObservedClients();
  clients.add([window(100_000, 5)]);
  for (let to = 102_000; to < 700_000; to += WINDOW) clients.add([window(to, 0, 0)]);
  expect(clients.at(100_500, 0)?.edgezero.failing).toBe(5);
});

test("without counts nothing is said, and a window that comes again counts once", () => {
  const clients = createObservedClients();
  const uncounted = window(100_000, 0);
  clients.add([{ ...uncounted, canary: { ...uncounted.canary, clients: null } }]);
  expect(clients.at(100_000, 0)).toBeNull();
  for (let i = 0; i < 200; i += 1) clients.add([window(100_000, i)]);
  clients.add([window(98_000, 1)]);
  expect(clients.at(100_000, 0)?.edgezero.failing).toBe(199);
});
