import { spawnSync } from "node:child_process";
import { describeWithProgram } from "../describe-with-program.ts";

const MISSING =
  spawnSync("promtool", ["--version"]).status === 0
    ? null
    : "promtool is not installed: apt-get install prometheus";

/** `describe`, where there is a Prometheus. */
export function describeWithPrometheus(name: string, tests: () => void): void {
  describeWithProgram(MISSING, name, tests);
}

/** Runs promtool; gives its exit code and its output. */
export function promtool(args: readonly string[], input = ""): { code: number; said: string } {
  const { status, stdout, stderr } = spawnSync("promtool", args, { input, encoding: "utf8" });
  return { code: status ?? -1, said: stdout + stderr };
}
