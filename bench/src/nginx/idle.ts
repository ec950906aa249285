import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { startNginxGateway } from "@edgezero/testbed/nginx/nginx-gateway";
import { startUpstream } from "@edgezero/testbed/upstream";
import { openAll } from "../limits/idle.ts";

/** How long nginx may take to put its memory in order, in milliseconds. */
const SETTLE_MS = 2000;
/** Of a master and two workers, which have up to 8,192 connections each. */
const WORKERS = 2;

/** The memory of the whole gateway on nginx, in megabytes. What its processes share counts once. */
export interface NginxIdle {
  readonly connections: number;
  readonly megabytesBefore: number;
  readonly megabytes: number;
}

/** Opens so many connections, each of which has had one answer, and leaves all of them idle. */
export async function measureNginxIdle(connections: number): Promise<NginxIdle> {
  const origins = [await startUpstream(), await startUpstream()] as const;
  const gateway = await startNginxGateway({
    origins: { legacy: origins[0].url, edgezero: origins[1].url },
    workers: WORKERS,
  });
  gateway.write({ edgezero_enabled: "true", edgezero_rollout_pct: "10" });
  try {
    const first = await openAll(gateway.port, 1);
    const megabytesBefore = megabytesOf(gateway.pid);
    const sockets = await openAll(gateway.port, connections);
    await wait(SETTLE_MS);
    const megabytes = megabytesOf(gateway.pid);
    const closed = sockets.filter((socket) => socket.readableEnded || socket.destroyed).length;
    for (const socket of [...first, ...sockets]) socket.destroy();
    if (closed > 0) throw new Error(`${closed} connections were closed`);
    return { connections, megabytesBefore, megabytes };
  } finally {
    await gateway.stop();
    for (const origin of origins) await origin.close();
  }
}

/** The proportional set of nginx's processes: of the one that was started, and of its children. */
function megabytesOf(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ");
  const kilobytes = [String(pid), ...children.filter(Boolean)]
    .filter((each) => readFileSync(`/proc/${each}/comm`, "utf8").startsWith("nginx"))
    .map((each) =>
      Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${each}/smaps_rollup`, "utf8"))?.[1]),
    );
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1024;
}
