import { spawnSync } from "node:child_process";
import { describeWithProgram } from "../describe-with-program.ts";

const MISSING =
  spawnSync("redis-server", ["--version"]).status === 0
    ? null
    : "redis-server is not installed: apt-get install redis-server";

/** `describe`, where there is a Redis server. */
export function describeWithRedis(name: string, tests: () => void): void {
  describeWithProgram(MISSING, name, tests);
}
