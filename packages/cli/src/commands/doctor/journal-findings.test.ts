import { openFileJournal } from "@edgezero/operations/journal/file/file-journal";
import { fileCoordination } from "@edgezero/stores/file/coordination";
import type { OperatorStore } from "@edgezero/stores/operator-store";
import { describe, expect, test } from "vitest";
import { coordinationFindings } from "./journal-findings.ts";

const journal = openFileJournal("/nowhere/trails/audit.jsonl");
const storeWith = (coordination: OperatorStore["coordination"]): OperatorStore =>
  ({ coordination }) as OperatorStore;

describe("where operators meet", () => {
  test.each([
    {
      name: "a store with a place for lock and mark",
      store: storeWith(fileCoordination("/nowhere/rollout.audit")),
      level: "ok",
      place: "beside the keys: /nowhere",
    },
    {
      name: "a store without such a place",
      store: storeWith(null),
      level: "warning",
      place: "beside the audit trail, in /nowhere/trails",
    },
  ])("$name", async ({ store, level, place }) => {
    expect(await coordinationFindings(store, journal)).toMatchObject([
      { check: "coordination", level, message: expect.stringContaining(place) },
    ]);
  });
});
