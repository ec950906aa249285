import { openFileJournal } from "../journal/file/file-journal.ts";
import { fileCoordination } from "@edgezero/stores/file/coordination";
import type { Holder } from "@edgezero/stores/coordination";
import type { OperatorStore } from "@edgezero/stores/operator-store";
import { describeWithRedis } from "@edgezero/testbed/redis/describe-with-redis";
import { openStore } from "@edgezero/stores/redis/operator";
import { startRedis } from "@edgezero/testbed/redis/redis-server";
import { describe, expect, test } from "vitest";
import { openJournal } from "../journal/open-journal.ts";
import { coordinationFindings, journalFindings } from "./journal-findings.ts";

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
      place: "kept with the audit trail, in /nowhere/trails",
    },
  ])("$name", async ({ store, level, place }) => {
    expect(await coordinationFindings(store, journal)).toMatchObject([
      { check: "coordination", level, message: expect.stringContaining(place) },
    ]);
  });
});

describe("how many controllers there may be", () => {
  const place = fileCoordination("/nowhere/rollout.audit");
  const evidence = ["scrape:http://a.example/metrics"];
  const led = (holder: () => Promise<Holder | null>): OperatorStore =>
    ({ ...storeWith(place), leadership: { lease: { holder } } }) as unknown as OperatorStore;
  const holder: Holder = { who: "a", host: "h", pid: 7, since: "2026-11-27", command: "lead" };

  test.each([
    ["a store that fences nothing", storeWith(place), "ok", "run only one controller"],
    ["nobody leads", led(async () => null), "ok", "none leads now"],
    ["someone leads", led(async () => holder), "ok", "process 7 on h leads"],
    [
      "nobody can tell",
      led(async () => Promise.reject(new Error("no answer"))),
      "bad",
      "cannot be read: no answer",
    ],
  ])("%s", async (_, store, level, message) => {
    const found = await coordinationFindings(store, journal, { evidence });
    expect(found.at(-1)).toMatchObject({
      check: "controllers",
      level,
      message: expect.stringContaining(message),
    });
  });

  test("without a controller nothing is said of it", async () => {
    const found = await coordinationFindings(storeWith(place), journal, { evidence: [] });
    expect(found.map(({ check }) => check)).toEqual(["coordination"]);
  });
});

test("where they would meet in a Redis that is down, that is no good news", async () => {
  const gone = await openJournal({ kind: "redis", url: "redis://127.0.0.1:1" });
  const found = [
    ...(await journalFindings(gone)),
    ...(await coordinationFindings(storeWith(null), gone)),
  ];
  expect(found.map(({ check, level }) => [check, level])).toEqual([
    ["audit trail", "bad"],
    ["coordination", "bad"],
  ]);
});

test("a journal whose place nobody can tell says which variable is missing", async () => {
  const unknown = await openJournal({ kind: "unknown", why: "SHOP_JOURNAL is not set" });
  expect(await journalFindings(unknown)).toMatchObject([
    { level: "bad", message: "SHOP_JOURNAL is not set" },
  ]);
});

describeWithRedis("a journal in Redis", () => {
  test("is where the operators of a store meet that has no place for them; its risks are told", async () => {
    const redis = await startRedis();
    const shared = await openJournal({ kind: "redis", url: redis.url });
    const found = [
      ...(await journalFindings(shared)),
      ...(await coordinationFindings(storeWith(null), shared)),
    ];
    await redis.close();
    expect(found).toMatchObject([
      { check: "audit trail", level: "ok", message: expect.stringContaining("0 entries, whole") },
      { check: "audit trail", level: "warning", message: expect.stringContaining("appendonly no") },
      { check: "coordination", level: "ok", message: expect.stringContaining(redis.url) },
    ]);
  });
});

describeWithRedis("a user of a Redis who may not use `time`", () => {
  test("may change the rollout, and a controller could not lead: that is found", async () => {
    const redis = await startRedis();
    const rights = ["~*", "+@all", "-time"];
    await redis.command("ACL", "SETUSER", "timeless", "reset", "on", ">pw", ...rights);
    const store = openStore(`redis://timeless:pw@127.0.0.1:${redis.port}`);
    await store.checkWritable?.();
    const evidence = ["scrape:http://a.example/metrics"];
    const found = await coordinationFindings(store, journal, { evidence });
    await redis.close();
    expect(found.at(-1)).toMatchObject({
      check: "controllers",
      level: "bad",
      message: expect.stringContaining("for a controller time"),
    });
  });
});
