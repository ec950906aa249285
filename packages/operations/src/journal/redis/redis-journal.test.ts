import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeJournal } from "@edgezero/testbed/contracts/journal";
import { describeWithRedis } from "@edgezero/testbed/redis/describe-with-redis";
import type { RedisServer } from "@edgezero/testbed/redis/redis-server";
import { startRedis } from "@edgezero/testbed/redis/redis-server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { NewEntry } from "../entry.ts";
import { noteOf } from "../entry.ts";
import { openFileJournal } from "../file/file-journal.ts";
import type { Journal } from "../journal.ts";
import { withArchive } from "../with-archive.ts";
import { openRedisJournal } from "./redis-journal.ts";

const LINES = "{trusted_server_config}:journal";
const OPTIONS = { keep: 0, who: "ann@test" };

const note = (detail: string): NewEntry =>
  noteOf("controller-moved", { who: "ann@test", store: "test:", detail });

function change(name: string, pct: string): [NewEntry, NewEntry] {
  const base = { change: name, command: "set", who: "ann@test", store: "test:" } as const;
  const values = { edgezero_enabled: "true", edgezero_rollout_pct: pct };
  const to = { edgezero_rollout_pct: pct };
  return [
    { ...base, kind: "intent", from: null, to, reason: null },
    { ...base, kind: "result", result: "written", values, detail: null },
  ];
}

describeWithRedis("Redis journal", () => {
  let redis: RedisServer;
  let folder: string;
  let journal: Journal;
  beforeAll(async () => {
    redis = await startRedis(["--repl-diskless-sync-delay", "0"]);
  });
  beforeEach(async () => {
    await redis.command("FLUSHALL");
    folder = mkdtempSync(join(tmpdir(), "edgezero-journal-"));
    journal = openRedisJournal(redis.url);
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  afterAll(async () => redis?.close());

  describeJournal(async () => ({
    journal: openRedisJournal(redis.url),
    openAgain: () => openRedisJournal(redis.url),
    close: async () => {},
  }));

  test("is three keys beside the hash, which are the journal's alone", async () => {
    await journal.append(change("a", "1"));
    const keys = (await redis.command("KEYS", "*")) as string[];
    expect(keys.toSorted()).toEqual([LINES, `${LINES}:head`]);
    expect(journal.location).toBe(`${LINES} at ${redis.url}`);
    const other = openRedisJournal(`${redis.url}?key=staging`);
    expect((await other.read()).entries).toEqual([]);
  });

  test("its lines are those of a file: copied into one, they are a whole trail", async () => {
    await journal.append(change("a", "1"));
    await journal.append([note("日本語")]);
    const lines = (await redis.command("LRANGE", LINES, "0", "-1")) as string[];
    const path = join(folder, "copy.jsonl");
    writeFileSync(path, lines.map((line) => `${line}\n`).join(""));
    const { entries, findings, head } = await openFileJournal(path).read();
    const here = await journal.read();
    expect({ entries, findings, head }).toEqual({
      entries: here.entries,
      findings: [],
      head: here.head,
    });
  });

  test("forty operators at once give one chain", async () => {
    const names = Array.from({ length: 40 }, (_, i) => `change ${i}`);
    await Promise.all(
      names.map(async (name) => openRedisJournal(redis.url).append(change(name, "1"))),
    );
    const { entries, findings } = await journal.read();
    expect({ count: entries.length, findings }).toEqual({ count: 80, findings: [] });
  });

  describe("that someone has changed by hand", () => {
    beforeEach(async () => {
      for (const pct of ["1", "2", "3"]) await journal.append(change(`to ${pct}`, pct));
    });

    test.each([
      {
        name: "an entry that was changed",
        by: ["LSET", LINES, "1", "{}"],
        finding: "is not an entry",
      },
      { name: "an entry taken out", by: ["LREM", LINES, "1", "SECOND"], finding: "is entry 3" },
      { name: "entries cut off at the end", by: ["LTRIM", LINES, "0", "3"], finding: "2 entries" },
      {
        name: "entries cut off at the beginning",
        by: ["LTRIM", LINES, "2", "-1"],
        finding: "1 is due",
      },
      { name: "all entries removed", by: ["DEL", LINES], finding: "6 entries at the end" },
      { name: "a text added", by: ["RPUSH", LINES, "hello"], finding: "is not an entry" },
    ])("$name is found, and still found after the next append", async ({ by, finding }) => {
      const second = String(await redis.command("LINDEX", LINES, "1"));
      await redis.command(...by.map((word) => (word === "SECOND" ? second : word)));
      const told = async (): Promise<string> =>
        (await journal.read()).findings.map(({ message }) => message).join("; ");
      expect(await told()).toContain(finding);
      await journal.append([note("later")]);
      expect(await told()).not.toBe("");
    });

    test("the head that is missing is told, and the entries count as vouched by nobody", async () => {
      await redis.command("DEL", `${LINES}:head`);
      const { findings, unguarded, vouched } = await journal.read();
      expect({ findings, vouched }).toEqual({ findings: [], vouched: 0 });
      expect(unguarded).toContain(`${LINES}:head`);
    });
  });

  describe("whose server does not do its work", () => {
    test("that is down: both ways are refused with its address", async () => {
      const gone = await startRedis();
      const lost = openRedisJournal(gone.url);
      await gone.close();
      await expect(lost.append([note("a")])).rejects.toThrow("ECONNREFUSED");
      await expect(lost.read()).rejects.toThrow(`:${gone.port}`);
    });

    test("that is a replica: it can be read, and an append says what to use", async () => {
      const replica = await startRedis(["--replicaof", "127.0.0.1", String(redis.port)]);
      await journal.append([note("a")]);
      const copy = openRedisJournal(replica.url);
      await expect.poll(async () => (await copy.read()).entries.length).toBe(1);
      await expect(copy.append([note("b")])).rejects.toThrow("use the primary's URL");
      expect((await journal.read()).entries).toHaveLength(1);
      await replica.close();
    });

    test("that wants a password: neither it nor the user is in the message or the location", async () => {
      const closed = await startRedis(["--requirepass", "s3cret-word"]);
      const url = `redis://default:wr0ng-word@127.0.0.1:${closed.port}`;
      const fault = await openRedisJournal(url)
        .append([note("a")])
        .catch(String);
      expect(fault).toContain("refuses the user or the password");
      expect(`${String(fault)} ${openRedisJournal(url).location}`).not.toMatch(/wr0ng|default:/);
      await closed.close();
    });

    test("whose user may not write the keys: the rights that are missing are named", async () => {
      await redis.command("ACL", "SETUSER", "reader", "on", ">pass-word", "~other*", "+@all");
      const url = `redis://reader:pass-word@127.0.0.1:${redis.port}`;
      await expect(openRedisJournal(url).append([note("a")])).rejects.toThrow(
        `rpush, ltrim, get and set on the keys ${LINES}`,
      );
    });

    test("whose user may not add lines: a refused entry leaves the chain as it was", async () => {
      await journal.append([note("a")]);
      await redis.command("ACL", "SETUSER", "keeper", "on", ">pass-word", "~*", "+@all", "-rpush");
      const url = `redis://keeper:pass-word@127.0.0.1:${redis.port}`;
      await expect(openRedisJournal(url).append([note("b")])).rejects.toThrow(
        /run this command|rpush/,
      );
      await journal.append([note("c")]);
      const { entries, findings } = await journal.read();
      expect([entries.map(({ seq }) => seq), findings]).toEqual([[1, 2], []]);
    });

    test("a key of another type is named", async () => {
      await redis.command("SET", LINES, "x");
      await expect(journal.append([note("a")])).rejects.toThrow(`${LINES} is not a list`);
    });

    test("that keeps no append-only file, or removes keys where memory is short, is told", async () => {
      expect(await journal.risks?.()).toEqual([expect.stringContaining("appendonly no")]);
      const careless = ["--maxmemory", "50mb", "--maxmemory-policy", "allkeys-lru"];
      const other = await startRedis([...careless, "--appendonly", "yes"]);
      expect(await openRedisJournal(other.url).risks?.()).toEqual([
        expect.stringContaining("maxmemory-policy allkeys-lru"),
      ]);
      await other.close();
    });
  });

  describe("archived to a file", () => {
    const fill = async (): Promise<void> => {
      for (const pct of ["1", "2", "3"]) {
        // Changes of one millisecond stay in the journal together, and on a fast machine all three may be.
        const now = Date.now();
        while (Date.now() === now);
        await journal.append(change(`to ${pct}`, pct));
        await journal.append([note(`at ${pct}`)]);
      }
    };

    test("the file has the oldest entries, and both together are the chain as it was", async () => {
      await fill();
      const before = await journal.read();
      const path = join(folder, "below", "old.jsonl");
      const report = await journal.archive?.(path, OPTIONS);
      const after = await journal.read();
      const file = await openFileJournal(path).read();
      expect(file.findings).toEqual([]);
      expect(after.findings).toEqual([]);
      expect([...file.entries, ...after.entries]).toEqual(before.entries);
      expect(after.head).toBe(before.head);
      expect(report).toEqual({
        moved: file.entries.length,
        archived: file.entries.length,
        kept: after.entries.length,
        head: file.head,
      });
      expect(after.archived).toMatchObject({ entries: file.entries.length, who: "ann@test" });
      expect((await withArchive(after, path)).entries).toEqual(before.entries);
    });

    test("by a user who may not cut lines, the journal stays as it was", async () => {
      await fill();
      const before = await journal.read();
      await redis.command("ACL", "SETUSER", "keeper", "on", ">pass-word", "~*", "+@all", "-ltrim");
      const url = `redis://keeper:pass-word@127.0.0.1:${redis.port}`;
      const archived = openRedisJournal(url).archive?.(join(folder, "old.jsonl"), OPTIONS);
      await expect(archived).rejects.toThrow(/run this command|ltrim/);
      expect(await journal.read()).toEqual(before);
    });

    test("goes on in the same file, and in no other one", async () => {
      await fill();
      const path = join(folder, "old.jsonl");
      await journal.archive?.(path, OPTIONS);
      await fill();
      const other = journal.archive?.(join(folder, "other.jsonl"), OPTIONS);
      await expect(other).rejects.toThrow(/does not have entries 1 to \d+.*old\.jsonl/);
      await journal.archive?.(path, OPTIONS);
      const whole = await withArchive(await journal.read(), path);
      expect(whole.findings).toEqual([]);
      expect(whole.entries.map(({ seq }) => seq)).toEqual(
        Array.from({ length: 18 }, (_, i) => i + 1),
      );
    });

    test("killed after the file was written and before the journal was cut, it goes on", async () => {
      await fill();
      const path = join(folder, "old.jsonl");
      const lines = (await redis.command("LRANGE", LINES, "0", "2")) as string[];
      // The file of an archiving that moved three entries, as it is before the cut.
      writeFileSync(path, lines.map((line) => `${line}\n`).join(""));
      const before = await journal.read();
      await journal.archive?.(path, OPTIONS);
      const whole = await withArchive(await journal.read(), path);
      expect(whole.findings).toEqual([]);
      expect(whole.entries).toEqual(before.entries);
    });

    test("entries that are added while it goes on stay in the journal", async () => {
      await fill();
      const path = join(folder, "old.jsonl");
      const adding = Promise.all(
        Array.from({ length: 10 }, async (_, i) =>
          openRedisJournal(redis.url).append([note(`n${i}`)]),
        ),
      );
      await Promise.all([journal.archive?.(path, OPTIONS), adding]);
      const whole = await withArchive(await journal.read(), path);
      expect(whole.findings).toEqual([]);
      expect(whole.entries).toHaveLength(19);
    });

    test("two at once, to two files: one of them is refused, and nothing is lost", async () => {
      await fill();
      const paths = [join(folder, "a.jsonl"), join(folder, "b.jsonl")];
      const ends = await Promise.allSettled(
        paths.map(async (path) => openRedisJournal(redis.url).archive?.(path, OPTIONS)),
      );
      expect(ends.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
      const won = paths[ends.findIndex(({ status }) => status === "fulfilled")] ?? "";
      const whole = await withArchive(await journal.read(), won);
      expect({ findings: whole.findings, count: whole.entries.length }).toEqual({
        findings: [],
        count: 9,
      });
    });

    test.each([
      { name: "is not whole itself", text: "hello\n", why: "is not a whole trail" },
      {
        name: "has another trail",
        text: `${JSON.stringify({ ...note("x"), seq: 1, at: "2026-01-01", prev: "0".repeat(64) })}\n`,
        why: "has other entries",
      },
    ])("a file that $name is refused, and stays as it is", async ({ text, why }) => {
      await fill();
      const path = join(folder, "old.jsonl");
      writeFileSync(path, text);
      const { entries } = await journal.read();
      await expect(journal.archive?.(path, OPTIONS)).rejects.toThrow(why);
      expect(readFileSync(path, "utf8")).toBe(text);
      expect((await journal.read()).entries).toEqual(entries);
    });

    test("a journal that is not whole is not archived", async () => {
      await fill();
      await redis.command("LSET", LINES, "1", "{}");
      const path = join(folder, "old.jsonl");
      await expect(journal.archive?.(path, OPTIONS)).rejects.toThrow("only a whole journal");
    });

    test("an archive that was changed, or is that of another journal, is found", async () => {
      await fill();
      const path = join(folder, "old.jsonl");
      await journal.archive?.(path, OPTIONS);
      const text = readFileSync(path, "utf8");
      writeFileSync(path, text.replace("to 1", "to 9"));
      expect((await withArchive(await journal.read(), path)).findings).not.toEqual([]);
      const missing = await withArchive(await journal.read(), join(folder, "none.jsonl"));
      expect(missing.findings.map(({ message }) => message)).toEqual([
        expect.stringContaining("which the journal goes on from"),
      ]);
    });
  });
});
