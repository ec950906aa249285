import { StoreConflictError } from "@edgezero/stores/operator-store";
import { expect, test } from "vitest";
import { sharedState } from "./shared-state.ts";

function copyInMemory() {
  let kept: string | null = null;
  return {
    path: "copy",
    load: async () => kept,
    async save(text: string) {
      kept = text;
    },
  };
}

test.each([
  { fault: new Error("no answer"), inCopy: "a rollback" },
  { fault: new StoreConflictError("another controller leads by now"), inCopy: null },
])(
  "where the record fails with $fault.message, the copy has $inCopy",
  async ({ fault, inCopy }) => {
    const copy = copyInMemory();
    const record = {
      location: "record",
      load: async () => null,
      save: async () => Promise.reject(fault),
    };
    const state = sharedState(record, copy);
    await expect(state.save("a rollback")).rejects.toThrow(fault.message);
    expect(await state.load()).toBe(inCopy);
  },
);

test.each([
  { name: "a record is of the store that it lies in", inRecord: "kept", isBesideKeys: true },
  { name: "a copy is not known to be", inRecord: null, isBesideKeys: false },
])("$name", async ({ inRecord, isBesideKeys }) => {
  const copy = copyInMemory();
  await copy.save("kept");
  const record = { location: "record", load: async () => inRecord, save: async () => {} };
  const state = sharedState(record, copy);
  expect(await state.load()).toBe("kept");
  expect(state.isBesideKeys?.()).toBe(isBesideKeys);
});
