import type { NewEntry } from "@edgezero/operations/journal/entry";
import { expect, test } from "vitest";
import type { TrailNotes } from "./trail-notes.ts";
import { createTrailNotes } from "./trail-notes.ts";

/** A trail that takes entries, refuses them, or hangs, as a test says. */
function open(): {
  notes: TrailNotes;
  written: string[];
  trail: { state: "takes" | "refuses" | "hangs"; wake: () => void };
} {
  const written: string[] = [];
  const trail: { state: "takes" | "refuses" | "hangs"; wake: () => void } = {
    state: "takes",
    wake() {},
  };
  const append = async (entries: readonly NewEntry[]): Promise<void> => {
    if (trail.state === "refuses") throw new Error("no space is left");
    if (trail.state === "hangs") await new Promise<void>((wake) => (trail.wake = wake));
    written.push(...entries.map((entry) => ("detail" in entry ? String(entry.detail) : "")));
  };
  const notes = createTrailNotes({
    journal: { append } as unknown as Parameters<typeof createTrailNotes>[0]["journal"],
    store: { location: "file:./a.json" } as Parameters<typeof createTrailNotes>[0]["store"],
    who: "controller@test",
    safe: (text) => text,
  });
  return { notes, written, trail };
}

function noteAll(notes: TrailNotes, from: number, to: number): void {
  for (let i = from; i < to; i += 1) notes.note("controller-moved", `note ${i}`);
}

test("notes that wait for a trail that cannot be written are kept in order, and those that are lost are told", async () => {
  const { notes, written, trail } = open();
  trail.state = "refuses";
  noteAll(notes, 0, 500);
  for (let i = 0; i < 3; i += 1) await notes.flush();
  expect(notes.fault()).toBe("no space is left");
  trail.state = "takes";
  await notes.flush();
  expect(written).toHaveLength(201);
  expect(written[0]).toBe("300 earlier notes could not be written, and are lost");
  expect(written.slice(1)).toEqual(Array.from({ length: 200 }, (_, i) => `note ${300 + i}`));
  expect(notes.fault()).toBe(null);
});

test("a trail that hangs keeps no more than so many notes waiting", async () => {
  const { notes, written, trail } = open();
  trail.state = "hangs";
  noteAll(notes, 0, 1000);
  trail.state = "takes";
  trail.wake();
  await notes.flush();
  expect(written[0]).toBe("note 0");
  expect(written[1]).toBe("799 earlier notes could not be written, and are lost");
  expect(written.slice(2)).toEqual(Array.from({ length: 200 }, (_, i) => `note ${800 + i}`));
});
