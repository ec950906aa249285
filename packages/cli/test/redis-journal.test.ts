import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noteOf } from "@edgezero/operations/journal/entry";
import { openJournal } from "@edgezero/operations/journal/open-journal";
import { openFileJournal } from "@edgezero/operations/journal/file/file-journal";
import { describeWithRedis } from "@edgezero/testbed/redis/describe-with-redis";
import type { RedisServer } from "@edgezero/testbed/redis/redis-server";
import { startRedis } from "@edgezero/testbed/redis/redis-server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Run } from "./run-cli.ts";
import { runCli } from "./run-cli.ts";

const LINES = "{trusted_server_config}:journal";
const PASSWORD = "journal-pass-word";

describeWithRedis("a trail in Redis", () => {
  let redis: RedisServer;
  let folder: string;
  beforeAll(async () => {
    const withPassword = (port: number): string => `redis://:${PASSWORD}@127.0.0.1:${port}`;
    redis = await startRedis(["--requirepass", PASSWORD, "--appendonly", "yes"], withPassword);
  });
  afterAll(async () => redis?.close());
  beforeEach(async () => {
    await redis.command("FLUSHALL");
    folder = mkdtempSync(join(tmpdir(), "edgezero-redis-journal-"));
    const values = { edgezero_enabled: "true", edgezero_rollout_pct: "10" };
    writeFileSync(join(folder, "rollout.json"), JSON.stringify(values));
    const shop = { store: "file:../rollout.json", journal: { urlEnv: "SHOP_JOURNAL" } };
    for (const name of ["ann", "bob"]) {
      mkdirSync(join(folder, name));
      const config = JSON.stringify({ environments: { shop } });
      writeFileSync(join(folder, name, "edgezero.config.json"), config);
    }
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs the command as an operator with a folder of his own. */
  async function as(who: string, args: string, url: string = redis.url): Promise<Run> {
    const env = { SHOP_JOURNAL: url };
    return runCli([...args.split(" "), "--as", who], { cwd: join(folder, who), env });
  }
  const pct = (): unknown =>
    (JSON.parse(readFileSync(join(folder, "rollout.json"), "utf8")) as Record<string, unknown>)[
      "edgezero_rollout_pct"
    ];

  const fill = async (): Promise<void> => {
    await as("ann", "set 11 --yes");
    const journal = await openJournal({ kind: "redis", url: redis.url });
    const note = noteOf("controller-moved", { who: "c@test", store: "test:", detail: "held" });
    await journal.append([note, ...Array.from({ length: 149 }, () => note)]);
    await as("ann", "set 12 --yes");
  };

  test("each operator sees what the others did, and the chain is one", async () => {
    expect((await as("ann", "set 11 --yes")).code).toBe(0);
    expect((await as("bob", "set 12 --yes")).code).toBe(0);
    expect((await as("bob", "rollback --accept-unverified")).code).toBe(0);
    const log = await as("ann", "log");
    expect(log.stdout).toMatch(/1, 2 .* ann .*written.*\n.*3, 4 .* bob .*written.*\n.*rollback/);
    const verified = await as("ann", "log --verify --json");
    const { whole, entries, head, path } = JSON.parse(verified.stdout);
    expect({ whole, count: entries.length, path }).toEqual({
      whole: true,
      count: 6,
      path: `${LINES} at redis://***@127.0.0.1:${redis.port}`,
    });
    expect((await as("bob", `log --verify --head ${head}`)).code).toBe(0);
    expect((await as("bob", `log --verify --head ${"a".repeat(64)}`)).code).toBe(9);
  });

  test("an entry that someone has changed is found by everyone", async () => {
    await as("ann", "set 11 --yes");
    await redis.command("LSET", LINES, "0", "{}");
    const verified = await as("bob", "log --verify");
    expect(verified.code).toBe(9);
    expect(verified.stdout).toContain("line 1: is not an entry");
  });

  test("the password of the URL is in no output", async () => {
    const outputs = [];
    for (const args of ["set 11 --yes", "status", "doctor", "log --verify", "rollback --json"]) {
      const { stdout, stderr } = await as("ann", args);
      outputs.push(stdout, stderr);
    }
    const wrong = redis.url.replace(PASSWORD, "wrong-pass-word");
    for (const args of ["set 12 --yes", "status", "doctor", "log", "rollback"]) {
      const { stdout, stderr } = await as("ann", args, wrong);
      outputs.push(stdout, stderr);
    }
    expect(outputs.join()).not.toMatch(/(?:journal|wrong)-pass-word/);
    expect(outputs.join()).toContain("refuses the user or the password");
  });

  describe.each([
    { name: "down", url: async () => "redis://127.0.0.1:1", why: "ECONNREFUSED" },
    {
      name: "read-only",
      url: async () => {
        await redis.command("CONFIG", "SET", "min-replicas-to-write", "1");
        return redis.url;
      },
      why: "NOREPLICAS",
    },
    {
      name: "paused",
      url: async () => {
        redis.child().kill("SIGSTOP");
        return redis.url;
      },
      why: "no answer",
    },
    { name: "not named", url: async () => "", why: "SHOP_JOURNAL is not set" },
  ])("whose Redis is $name", ({ url, why }) => {
    afterEach(async () => {
      redis.child().kill("SIGCONT");
      await redis.command("CONFIG", "SET", "min-replicas-to-write", "0");
    });

    test("does not stop a rollback, which says that it was not recorded", async () => {
      const { stdout, code } = await as("ann", "rollback --accept-unverified", await url());
      expect(pct()).toBe("0");
      expect(stdout).toContain("Not recorded in the audit trail");
      expect(stdout).toContain(why);
      expect(code).toBe(0);
    });

    test("lets no other change through, which says so", async () => {
      const { stderr, code } = await as("ann", "set 11 --yes", await url());
      expect(pct()).toBe("10");
      expect(stderr).toContain(why);
      expect(code).toBe(9);
    });
  });

  describe("archived", () => {
    test("its oldest entries are in a file, and `log` reads both as one trail", async () => {
      await fill();
      const before = JSON.parse((await as("ann", "log --json")).stdout);
      const archived = await as("ann", "log --archive old.jsonl");
      const path = join(folder, "ann", "old.jsonl");
      expect(archived.code).toBe(0);
      expect(archived.stdout).toContain(`moved 54 entries to ${path}`);
      expect((await openFileJournal(path).read()).findings).toEqual([]);
      const here = await as("bob", "log --verify");
      expect(here.code).toBe(0);
      expect(here.stdout).toMatch(
        /entries 1 to 54 are not here: ann archived them at .*old\.jsonl/,
      );
      const both = JSON.parse(
        (await as("bob", `log --verify --json --with-archive ${path}`)).stdout,
      );
      expect(both).toMatchObject({ whole: true, entries: before.entries, head: before.head });
      const [first] = before.entries.map(({ prev }: { prev: string }) => prev).slice(1);
      expect((await as("bob", `log --verify --head ${first}`)).stdout).toContain(
        "or is one of the 54 archived ones",
      );
      expect((await as("bob", `log --verify --head ${first} --with-archive ${path}`)).code).toBe(0);
    });

    test("nothing is moved twice, and a file that has other entries is not touched", async () => {
      await fill();
      await as("ann", "log --archive old.jsonl");
      expect((await as("ann", "log --archive old.jsonl")).stdout).toContain("nothing to archive");
      await fill();
      const other = await as("bob", "log --archive old.jsonl");
      expect(other.code).toBe(9);
      expect(other.stderr).toContain("does not have entries 1 to 54");
      expect(other.stderr).toContain(join(folder, "ann", "old.jsonl"));
      expect((await as("ann", "log --archive old.jsonl")).code).toBe(0);
    });

    test("a trail in a file is not archived", async () => {
      const cwd = join(folder, "ann");
      const { code, stderr } = await runCli(["log", "--archive", "x", "--store", "file:./a.json"], {
        cwd,
      });
      expect(code).toBe(9);
      expect(stderr).toContain("only a journal in Redis is archived");
    });
  });
});
