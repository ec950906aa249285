import { findViceroy } from "@edgezero/fastly/viceroy";
import { missingTools } from "../load/tools.ts";
import type { ScaleData } from "../report/scale-table.ts";
import type { ConfigReads } from "./config-reads.ts";
import { readsOfFastly, readsOfFile, readsOfKv, readsOfRedis } from "./config-reads.ts";
import { scaleConnections } from "./connections.ts";
import type { FollowTime } from "./follow.ts";
import { followFastly, followFile, followKv, followRedis } from "./follow.ts";
import { scaleGateways } from "./gateways.ts";
import { scaleRequests } from "./requests.ts";

/** How much is measured. */
export interface Scale {
  readonly requests: number;
  /** The longest that the requests may take, in seconds. */
  readonly requestSeconds: number;
  readonly connections: readonly number[];
  readonly gateways: readonly number[];
  readonly writes: number;
  /** How long each other load lasts, in seconds. */
  readonly seconds: number;
}

/** The scale of the numbers that are published. */
export const FULL_SCALE: Scale = {
  requests: 1e7,
  requestSeconds: 240,
  connections: [1, 4, 16, 64, 250, 1000],
  gateways: [1, 2, 4, 8, 16],
  writes: 5,
  seconds: 5,
};

/** Measures all, but for what needs a program that is not there. */
export async function measureScale(scale: Scale): Promise<ScaleData> {
  const { seconds, writes } = scale;
  const skipped: Record<string, string> = {};
  const configReads: ConfigReads[] = [await readsOfFile(seconds)];
  const follow: FollowTime[] = [await followFile(writes)];
  const redis = missingTools("redis-server");
  if (redis === null) {
    configReads.push(await readsOfRedis(seconds));
    follow.push(await followRedis(writes));
  } else {
    skipped["gateways on one Redis"] = redis;
  }
  configReads.push(await readsOfKv(seconds));
  follow.push(await followKv(writes));
  const viceroy = findViceroy();
  if ("missing" in viceroy) {
    skipped["Fastly"] = viceroy.missing;
  } else {
    configReads.push(await readsOfFastly(100));
    follow.push(await followFastly(writes));
  }
  return {
    gateways: redis === null ? await scaleGateways(scale.gateways, writes, seconds) : [],
    connections: await scaleConnections(scale.connections, seconds),
    requests: await scaleRequests(scale.requests, scale.requestSeconds),
    configReads,
    follow,
    skipped,
  };
}
