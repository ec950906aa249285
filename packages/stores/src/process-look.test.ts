import { spawn } from "node:child_process";
import { once } from "node:events";
import { platform } from "node:os";
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { lookAtProcess } from "./process-look.ts";

const isLinux = platform() === "linux";

test("two processes have two starts, and each keeps its own", async () => {
  const own = lookAtProcess(process.pid);
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  await once(child, "spawn");
  const other = lookAtProcess(child.pid ?? 0);
  expect(own.kind).toBe("alive");
  expect(other.kind).toBe("alive");
  expect(isLinux && isDeepStrictEqual(other, own)).toBe(false);
  expect(lookAtProcess(process.pid)).toEqual(own);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(lookAtProcess(child.pid ?? 0)).toEqual({ kind: "gone" });
});

test.runIf(isLinux)("a stopped process is alive", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  await once(child, "spawn");
  const before = lookAtProcess(child.pid ?? 0);
  child.kill("SIGSTOP");
  expect(lookAtProcess(child.pid ?? 0)).toEqual(before);
  child.kill("SIGKILL");
  await once(child, "exit");
});

test.runIf(isLinux)("a dead process that its parent has not waited for is gone", async () => {
  // The shell becomes `sleep`, which never waits for the child that it had as a shell.
  const parent = spawn("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 60"]);
  const [pid] = (await once(parent.stdout, "data")) as [Buffer];
  await expect.poll(() => lookAtProcess(Number(String(pid)))).toEqual({ kind: "gone" });
  expect(() => process.kill(Number(String(pid)), 0)).not.toThrow();
  parent.kill("SIGKILL");
  await once(parent, "exit");
});
