// What no one means to give a command, and what it meets on a bad day.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, chmodSync, openSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Operator } from "./operator.ts";
import { AT_10, createOperator } from "./operator.ts";
import { cliEnv, MAIN } from "./run-cli.ts";

const AT_0 = { ...AT_10, edgezero_rollout_pct: "0" };
/** Clears the screen, by the seven-bit control and by the eight-bit one; turns the text around. */
const STEERING = "\u001b[2J\u009b2J\u202e";
const CONTROL = /(?!\n)[\p{Cc}\p{Cf}]/u;

let operator: Operator;

beforeEach(() => {
  operator = createOperator();
});
afterEach(() => operator.cleanUp());

/** Runs the command while its reader, of standard output or error, has gone. */
async function withoutReader(args: string[], gone: "stdout" | "stderr"): Promise<number> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: operator.folder,
    env: cliEnv({ EDGEZERO_STORE: "file:./rollout.json" }),
  });
  child[gone].destroy();
  child[gone === "stdout" ? "stderr" : "stdout"].resume();
  const [code] = (await once(child, "close")) as [number];
  return code;
}

describe("a reader that has gone", () => {
  test("of what is said on the way neither ends a rollback early nor makes it a success", async () => {
    const args = ["rollback", "--timeout", "0.3", "--store", "file:./none.json"];
    expect(await withoutReader(args, "stderr")).toBe(6);
  });

  test("of what is said on the way does not keep a change from being made", async () => {
    expect(await withoutReader(["set", "20", "--yes"], "stderr")).toBe(0);
    expect(operator.values()["edgezero_rollout_pct"]).toBe("20");
  });

  test("of the result changes no exit code", async () => {
    expect(await withoutReader(["rollback"], "stdout")).toBe(7);
    expect(await withoutReader(["set", "200"], "stdout")).toBe(2);
  });

  test("ends status --watch", async () => {
    expect(await withoutReader(["status", "--watch", "--json"], "stdout")).toBe(0);
  });

  test.skipIf(process.platform !== "linux")("a full disk for the result is no success", () => {
    const { status, stderr } = spawnSync(process.execPath, [MAIN, "status", "--json"], {
      cwd: operator.folder,
      env: cliEnv({ EDGEZERO_STORE: "file:./rollout.json" }),
      stdio: ["ignore", openSync("/dev/full", "w"), "pipe"],
    });
    expect(status).toBe(1);
    expect(stderr.toString()).toContain("the result was lost: ENOSPC");
  });
});

describe("a config file that", () => {
  const CONFIGS: [string, string][] = [
    ["loops without end", "for (;;) {}"],
    ["ends the process", "process.exit(0)"],
    ["never ends", "await new Promise(() => {}); export default {};"],
    ["throws later", "setTimeout(() => { throw new Error('late') }); await new Promise(() => {});"],
    ["holds a function", "export default { plan: () => [] };"],
    ["throws nothing", "throw null;"],
  ];

  test.each(CONFIGS)("%s: rollback writes, and says what is not known", async (_, text) => {
    writeFileSync(join(operator.folder, "edgezero.config.ts"), text);
    const { code, document } = await operator.run("rollback --json");
    expect(code).toBe(7);
    expect(document).toMatchObject({ written: true, verified: false, judgedBy: "none" });
    expect(operator.values()).toEqual(AT_0);
  });

  test.each(CONFIGS)("%s: set refuses, in one document", async (_, text) => {
    writeFileSync(join(operator.folder, "edgezero.config.ts"), text);
    const { code, document, stderr } = await operator.run("set 20 --yes --json");
    expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
    expect(document).toMatchObject({ ok: false, error: { code: "usage" } });
    expect((document["error"] as { message: string }).message).toMatch(/cannot be loaded: .|valid/);
    expect(operator.values()).toEqual(AT_10);
  });

  test("prints does not add to the document", async () => {
    const text = "console.log('hello'); export default {};";
    writeFileSync(join(operator.folder, "edgezero.config.ts"), text);
    expect((await operator.run("status --json")).document).toMatchObject({ ok: true });
  });
});

// To open one waits until another does, and a process that waits for that cannot even end.
describe.skipIf(process.platform === "win32")("a named pipe in the place of", () => {
  test.each(["edgezero.config.json", "rollout.audit.jsonl", "rollout.audit.lock"])(
    "%s: rollback writes, and set ends",
    async (name) => {
      spawnSync("mkfifo", [join(operator.folder, name)]);
      expect((await operator.run("rollback")).code).toBe(7);
      expect(operator.values()).toEqual(AT_0);
      expect((await operator.run("set 5 --yes")).code).toBe(name.includes("config") ? 2 : 9);
    },
  );
});

describe("a lock that", () => {
  test.each([
    ["is of a time to come, since a clock went back", "2999-01-01T00:00:00.000Z"],
    ["is of no time", "yesterday"],
  ])("%s holds no one up", async (_, since) => {
    const holder = { who: "bob", host: "elsewhere", pid: 1, since, command: "set" };
    writeFileSync(operator.lockPath, JSON.stringify(holder));
    expect((await operator.run("set 5 --yes")).code).toBe(0);
  });

  test("is a link that leads nowhere ends a change, and not a rollback", async () => {
    symlinkSync("nowhere", operator.lockPath);
    expect((await operator.run("set 5 --yes")).code).toBe(9);
    expect((await operator.run("rollback")).code).toBe(7);
  });

  test("has the number of another process by now is taken over after ten minutes", async () => {
    const since = new Date(Date.now() - 11 * 60_000).toISOString();
    const holder = { who: "bob", host: hostname(), pid: process.pid, since, command: "set" };
    writeFileSync(operator.lockPath, JSON.stringify(holder));
    expect((await operator.run("set 5 --yes")).code).toBe(0);
  });
});

describe("a trail of others", () => {
  test("steers no terminal, whatever it says", async () => {
    const who = `eve${STEERING}`;
    await operator.run(`set 5 --yes --as ${who} --reason ${STEERING}`);
    const fields = { seq: 3, at: STEERING, who, store: who, prev: "" };
    const values = { edgezero_enabled: STEERING, edgezero_rollout_pct: "10" };
    const intent = { kind: "intent", change: "c", command: who, from: values, to: values };
    appendFileSync(
      operator.trailPath,
      `${JSON.stringify({ ...fields, ...intent, reason: who })}\n`,
    );
    operator.put(values);
    const holder = { who, host: who, pid: 1, since: new Date().toISOString(), command: who };
    for (const args of [
      "status",
      "log",
      "log --verify",
      "doctor",
      "set 1 --yes",
      "status --json",
    ]) {
      const { stdout, stderr } = await operator.run(args);
      expect.soft(stdout + stderr, args).not.toMatch(CONTROL);
    }
    writeFileSync(operator.lockPath, JSON.stringify(holder));
    const { stdout, stderr } = await operator.run("status");
    expect(stdout).toContain("holds the lock");
    expect(stdout + stderr).not.toMatch(CONTROL);
  });

  test.each([
    { seq: 1, at: "", who: "", store: "", prev: "", kind: "intent" },
    { seq: 1, at: "", who: 5, store: "", prev: "", kind: "note", note: "x", detail: "", values: 1 },
    { seq: 1, at: "", who: "", store: "", prev: "", kind: "result", values: { a: 1 } },
  ])("with a line that is nearly an entry is broken, and breaks nothing: %j", async (entry) => {
    writeFileSync(operator.trailPath, `${JSON.stringify(entry)}\n`);
    expect((await operator.run("log")).code).toBe(0);
    expect((await operator.run("status")).code).toBe(0);
    expect((await operator.run("log --verify")).stdout).toContain("line 1: is not an entry");
    expect((await operator.run("rollback")).code).toBe(7);
  });
});

describe.skipIf(process.platform === "win32")("a file that cannot be replaced", () => {
  test("since its folder is another's, is overwritten by a rollback, and by nothing else", async () => {
    writeFileSync(operator.path, JSON.stringify({ ...AT_10, other: "kept" }, null, 8));
    chmodSync(operator.path, 0o666);
    chmodSync(operator.folder, 0o555);
    const run = (...args: string[]): number | null =>
      spawnSync(process.execPath, [MAIN, ...args], {
        cwd: operator.folder,
        env: cliEnv({ EDGEZERO_STORE: "file:./rollout.json" }),
        // The superuser may write everywhere.
        ...(process.getuid?.() === 0 && { uid: 65_534, gid: 65_534 }),
      }).status;
    expect(run("set", "5", "--yes")).toBe(9);
    expect(run("rollback")).toBe(7);
    expect(operator.values()).toEqual({ ...AT_0, other: "kept" });
    chmodSync(operator.folder, 0o755);
  });
});

test("a gateway that changes the protocol, or closes without a word, verifies nothing", async () => {
  const answers = [
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    "",
  ];
  for (const answer of answers) {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => (answer === "" ? socket.end() : socket.write(answer)));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const args = `rollback --json --timeout 8 --url http://127.0.0.1:${port}`;
    const { code, document } = await operator.run(args);
    server.close();
    expect(code).toBe(7);
    expect(document).toMatchObject({ ok: false, verified: false });
  }
});

describe("a password that was not escaped", () => {
  test.each(["redis://:pa/ss?w#rd@127.0.0.1:70000", "redis://u:pa/ssw@rd@nowhere:x/5"])(
    "is shown nowhere: %s",
    async (store) => {
      for (const args of ["rollback", "status", "log", "doctor", "set 5 --yes", "init"]) {
        for (const flag of ["", " --json"]) {
          const { stdout, stderr, code } = await operator.run(args + flag, {
            EDGEZERO_STORE: store,
          });
          expect.soft(stdout + stderr, args).not.toMatch(/pa\/ss|w#rd|ssw@/);
          expect.soft(code, args).not.toBe(1);
        }
      }
      const found = spawnSync("grep", ["-rE", "pa/ss|pa-ss|w#rd", operator.folder]);
      expect(found.stdout.toString()).toBe("");
    },
  );

  test("in the url of a gateway is shown nowhere", async () => {
    const { stdout, stderr } = await operator.run("status --url http://u:pa/ssword@host:x/");
    expect(stdout + stderr).not.toContain("pa/ssword");
  });
});

test.each(["ftp://x", "redis://", "fastly://2abc", "cloudflare://x/y"])(
  "a rollback of %s, which no second attempt can mend, ends at once",
  async (store) => {
    const { code, document } = await operator.run("rollback --json", { EDGEZERO_STORE: store });
    expect(code).toBe(6);
    expect(document).toMatchObject({ attempts: 1, written: false });
  },
);

describe("a list of addresses that", () => {
  test("never ends its line is none", async () => {
    const input = "\0".repeat(1_000_000);
    expect((await operator.run("bucket --json", {}, input)).document).toMatchObject({ ok: false });
    expect((await operator.run("simulate --ips - --pct 5", {}, input)).code).toBe(2);
  });

  test("is long, has any line ends, comments and other things, is read to its end", async () => {
    const lines = Array.from({ length: 50_000 }, (_, i) => `10.${i >> 8}.${i & 255}.1 # no ${i}`);
    const input = `\ufeff${lines.join("\r\n")}\n\n${STEERING}`;
    const { document } = await operator.run("simulate --json --ips - --pct 50", {}, input);
    expect(document).toMatchObject({ lines: 50_001 });
  });
});
