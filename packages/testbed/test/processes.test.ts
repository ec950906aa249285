import { spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { once } from "node:events";
import { describe, expect, onTestFinished, test } from "vitest";
import { freePort } from "../src/free-port.ts";
import { runToEnd } from "../src/process/run-to-end.ts";
import { startProcess } from "../src/process/start-process.ts";

const NODE = process.execPath;
// It can be ended from the line on that says that it is ready.
const TALKER = `
const timer = setInterval(() => console.log("x".repeat(10_000)), 1);
process.on("SIGTERM", () => { clearInterval(timer); console.log("bye"); });
console.error("on standard error");
console.log("listening on 4711");`;

test("a process is ready once a line says so, and each line is passed on to its end", async () => {
  const lines: string[] = [];
  const talker = await startProcess(NODE, ["-e", TALKER], {
    env: {},
    ready: /(?<=listening on )\d+/,
    onLine: (line) => lines.push(line),
  });
  expect(talker.said).toBe("4711");
  await talker.stop();
  expect(lines).toEqual(expect.arrayContaining(["on standard error", "listening on 4711"]));
  expect(lines.at(-1)).toBe("bye");
  expect(await talker.exit).toEqual({ code: 0, signal: null });
});

test("a process whose lines nobody takes does not stand still when it writes much", async () => {
  const script = 'console.log("ready"); process.stdout.write("x".repeat(5_000_000));';
  const writer = await startProcess(NODE, ["-e", script], { env: {}, ready: /ready/ });
  expect(await writer.exit).toEqual({ code: 0, signal: null });
});

test("one that ends before it is ready is rejected with all that it has said", async () => {
  const script = 'console.log("one"); console.error("two"); process.exit(3);';
  const options = { env: {}, ready: /never/ };
  await expect(startProcess(NODE, ["-e", script], options)).rejects.toThrow(
    /ended before it was ready:\n(?:one\ntwo|two\none)$/,
  );
});

test("one that cannot be started is rejected", async () => {
  const options = { env: {}, ready: /never/ };
  await expect(startProcess("no-such-program", [], options)).rejects.toThrow("ENOENT");
});

test("a process that runs to its end gets its input, and gives what it writes and its code", async () => {
  const script = 'process.stdin.pipe(process.stdout); console.error("e"); process.exitCode = 4;';
  const heard: string[] = [];
  const options = { cwd: ".", env: {}, input: "in", onStderr: (text: string) => heard.push(text) };
  expect(await runToEnd(NODE, ["-e", script], options)).toEqual({
    code: 4,
    signal: null,
    stdout: "in",
    stderr: "e\n",
  });
  expect(heard).toEqual(["e\n"]);
});

/** Starts a process that waits for ever and has another; says the ids of both, and ends as it is told. */
function parentOf(isDetached: boolean): string {
  const waits = "setInterval(() => {}, 1000)";
  const child = `
const { pid } = require("node:child_process").spawn(process.execPath, ["-e", "${waits}"]);
console.log(process.pid, pid);
${waits}`;
  const module = new URL("../src/process/child-process.ts", import.meta.url).href;
  return `
import { readLines, spawnChild } from ${JSON.stringify(module)};
const stdio = ["ignore", "pipe", "inherit"];
const options = { stdio, detached: ${isDetached} };
const child = spawnChild(process.execPath, ["-e", ${JSON.stringify(child)}], options);
readLines(child.process.stdout, (line) => console.log("pids", line));
process.once("SIGUSR2", () => process.exit(0));`;
}

/** Whether a process runs. One that has ended may be in the list until its parent takes note. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return /^[^Z]/.test(stdout.trim());
}

describe.each(["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR2"] as const)(
  "what a process has started does not outlive its end by %s",
  (signal) => {
    test.each([
      { name: "its child", isDetached: false },
      { name: "the group of a detached one", isDetached: true },
    ])("$name", async ({ isDetached }) => {
      const args = ["--input-type=module", "-e", parentOf(isDetached)];
      const parent = await startProcess(NODE, args, { env: {}, ready: /(?<=pids )\d+ \d+/ });
      const [child = 0, grandchild = 0] = parent.said.split(" ").map(Number);
      onTestFinished(() => {
        if (isAlive(grandchild)) process.kill(grandchild, "SIGKILL");
      });
      expect([isAlive(child), isAlive(grandchild)]).toEqual([true, true]);
      const exit = await parent.end(signal);
      expect(exit).toEqual(
        signal === "SIGUSR2" ? { code: 0, signal: null } : { code: null, signal },
      );
      const started = isDetached ? [child, grandchild] : [child];
      await expect.poll(() => started.filter(isAlive)).toEqual([]);
    });
  },
);

test("a free port is never one that is taken, nor the same twice", async () => {
  const taken = await freePort();
  const server = createServer().listen(taken + 1, "127.0.0.1");
  await once(server, "listening");
  const ports = await Promise.all(Array.from({ length: 50 }, freePort));
  server.close();
  expect(new Set([taken, taken + 1, ...ports]).size).toBe(52);
  expect(Math.max(...ports)).toBeLessThan(32_768);
});
