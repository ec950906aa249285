import { spawnSync } from "node:child_process";

/** Why HAProxy cannot run on this machine; `null` where it can. */
export const haproxyMissing: string | null =
  spawnSync("haproxy", ["-v"]).error === undefined
    ? null
    : "HAProxy is missing: apt-get install haproxy";
