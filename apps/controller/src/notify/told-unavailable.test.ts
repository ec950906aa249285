import { expect, test } from "vitest";
import type { StateFile } from "../state/state-file.ts";
import type { SavedNotify } from "./saved-notify.ts";
import { NOTHING_SAVED, parseNotify } from "./saved-notify.ts";
import { unavailableFile, withUnavailable } from "./told-unavailable.ts";

const TOLD = { key: "unavailable", id: "unavailable-7", kind: "unavailable" } as const;
const OPEN = { ...TOLD, since: 7, pagedAt: 7, about: null };

function fileWith(saved: SavedNotify | null): StateFile {
  let text = saved === null ? null : JSON.stringify(saved);
  return {
    path: "memory",
    load: async () => text,
    async save(next) {
      text = next;
    },
  };
}

const withOpen = (open: SavedNotify["known"]["open"], ended: string[] = []): SavedNotify => ({
  ...NOTHING_SAVED,
  known: { open, ended },
});

async function openIn(file: StateFile): Promise<unknown> {
  const text = await file.load();
  return text === null ? null : parseNotify(text)?.known.open;
}

test.each([
  { name: "it is taken over once", shared: NOTHING_SAVED, own: withOpen([OPEN]), open: [OPEN] },
  { name: "without shared messages", shared: null, own: withOpen([OPEN]), open: [OPEN] },
  {
    name: "one whose end was told stays ended",
    shared: withOpen([], [OPEN.id]),
    own: withOpen([OPEN]),
    open: [],
  },
  { name: "nothing was told", shared: NOTHING_SAVED, own: null, open: [] },
])("what this host told while it could not run: $name", async ({ shared, own, open }) => {
  const ownFile = fileWith(own);
  const all = withUnavailable(fileWith(shared), ownFile);
  expect(await openIn(all)).toEqual(open);
  await all.save(JSON.stringify(NOTHING_SAVED));
  expect(await openIn(ownFile)).toEqual(own === null ? null : []);
});

test.each([
  ["redis://a", "/state/shop.unavailable.json"],
  ["file:/rollout.json", "/state/shop.notify.json"],
  [null, "/state/shop.notify.json"],
])("of the store %s it is in %s", (store, path) => {
  expect(unavailableFile("/state", "shop", store).path).toBe(path);
});
