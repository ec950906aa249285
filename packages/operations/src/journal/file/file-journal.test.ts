import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, platform, tmpdir } from "node:os";
import { join } from "node:path";
import { describeJournal } from "@edgezero/testbed/contracts/journal";
import { describeLease } from "@edgezero/testbed/contracts/lease";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { noteOf } from "../entry.ts";
import { openFileJournal } from "./file-journal.ts";
import { fileLease } from "./file-lease.ts";

function openFolder(): string {
  return mkdtempSync(join(tmpdir(), "edgezero-journal-"));
}

describe("file journal", () => {
  describeJournal(async () => {
    const folder = openFolder();
    const path = join(folder, "below", "rollout.audit.jsonl");
    return {
      journal: openFileJournal(path),
      openAgain: () => openFileJournal(path),
      close: async () => rmSync(folder, { recursive: true }),
    };
  });

  let folder: string;
  beforeEach(() => {
    folder = openFolder();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("tells of a torn line, and of a head file that is missing", async () => {
    const path = join(folder, "a.jsonl");
    const journal = openFileJournal(path);
    await journal.append([noteOf("outside-change", { who: "ann", store: "test:", detail: "one" })]);
    appendFileSync(path, '{"torn');
    rmSync(join(folder, "a.head"));
    expect(await journal.read()).toMatchObject({
      findings: [],
      tornBytes: 6,
      unguarded: join(folder, "a.head"),
      vouched: 0,
    });
  });
});

describe("file lease", () => {
  describeLease(async () => {
    const folder = openFolder();
    const path = join(folder, "below", "rollout.lease");
    return {
      lease: fileLease(path),
      openAgain: () => fileLease(path),
      async leaveBehind(who) {
        await fileLease(path).take(who);
        const { pid } = spawnSync(process.execPath, ["-e", ""]);
        const since = new Date().toISOString();
        const holder = { who, host: hostname(), pid, since, command: "lead" };
        writeFileSync(path, JSON.stringify(holder));
      },
      close: async () => rmSync(folder, { recursive: true }),
    };
  });

  test("of a process that lives is never taken over, however old it is", async () => {
    const folder = openFolder();
    const path = join(folder, "rollout.lease");
    const since = "2001-01-01T00:00:00.000Z";
    const holder = { who: "ann", host: hostname(), pid: process.ppid, since, command: "lead" };
    writeFileSync(path, JSON.stringify(holder));
    const attempt = await fileLease(path).take("bob");
    rmSync(folder, { recursive: true });
    expect(attempt).toMatchObject({ kind: "following", holder: { who: "ann" } });
  });

  test.runIf(platform() === "linux")(
    "of a process whose number another one has by now is taken over, however young it is",
    async () => {
      const folder = openFolder();
      const path = join(folder, "rollout.lease");
      const since = new Date().toISOString();
      const another = { host: hostname(), pid: process.ppid, start: "an-older-boot/7" };
      writeFileSync(path, JSON.stringify({ who: "ann", since, command: "lead", ...another }));
      const attempt = await fileLease(path).take("bob");
      rmSync(folder, { recursive: true });
      expect(attempt.kind).toBe("leading");
    },
  );

  test("of a process before this one that had its number is taken over, as in a container", async () => {
    const folder = openFolder();
    const path = join(folder, "rollout.lease");
    const since = new Date(performance.timeOrigin - 60_000).toISOString();
    const holder = { who: "ann", host: hostname(), pid: process.pid, since, command: "lead" };
    writeFileSync(path, JSON.stringify(holder));
    const first = await fileLease(path).take("bob");
    const second = await fileLease(path).take("cat");
    rmSync(folder, { recursive: true });
    expect([first.kind, second.kind]).toEqual(["leading", "following"]);
  });
});
