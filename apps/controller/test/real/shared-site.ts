import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Entry } from "@edgezero/operations/journal/entry";
import { openFileJournal } from "@edgezero/operations/journal/file/file-journal";
import type { OperatorStore, StoredValues } from "@edgezero/stores/operator-store";
import { openStore } from "@edgezero/stores/redis/operator";
import type { RedisServer } from "@edgezero/testbed/redis/redis-server";
import { startRedis } from "@edgezero/testbed/redis/redis-server";
import type { ControllerProcess } from "./controller-process.ts";
import { startController } from "./controller-process.ts";
import { startCountedSite } from "./counted-site.ts";

/** Stages of some seconds, in windows of one. */
export const SHARED_PLAN = {
  stages: [
    { pct: 10, hold: "5s" },
    { pct: 50, hold: "5s" },
    { pct: 100, hold: "5s" },
  ],
  signals: { errors: { kind: "rate", margin: { points: 0.1 }, breach: "rollback" } },
  window: "1s",
  propagation: "1s",
  drain: "1s",
};

/** What decides by the store of a site, and how controllers see it. */
export interface SharedGateways {
  /** The settings of an environment that name it. */
  readonly settings: object;
  /** Sets the part of EdgeZero's requests that fail, 0 to 1. */
  failing(part: number): void;
  close(): Promise<void>;
}

/** Gateways that decide by Redis, and controllers that share it. Each has a disk of its own. */
export interface SharedSite {
  readonly redis: RedisServer;
  start(name: string): Promise<ControllerProcess>;
  /** Sets the part of EdgeZero's requests that fail, 0 to 1. */
  failing(part: number): void;
  values(): Promise<StoredValues>;
  /** The percentages above 0 that were written, in order, as the trail has them. */
  raises(): Promise<readonly number[]>;
  entries(): Promise<readonly Entry[]>;
  close(): Promise<void>;
}

/** What a site may have otherwise. */
interface SharedSiteOptions {
  /** Where the store is, and what ends with the site; a Redis of its own unless given. */
  readonly place?: { readonly redis: RedisServer; readonly url: string } | undefined;
  /** More settings of the environment. */
  readonly more?: object | undefined;
  /** Real gateways of the place; one that is only counted unless given. It ends with the site. */
  readonly gateways?: SharedGateways | undefined;
  /** More variables of its controllers. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
}

export async function startSharedSite({
  place,
  gateways,
  more = {},
  variables: others = {},
}: SharedSiteOptions = {}): Promise<SharedSite> {
  const redis = place?.redis ?? (await startRedis());
  const url = place?.url ?? redis.url;
  await redis.write({ edgezero_enabled: "true", edgezero_rollout_pct: "0" });
  const folder = mkdtempSync(join(tmpdir(), "edgezero-shared-"));
  const store: OperatorStore = openStore(url);
  const served = gateways ?? (await countedGateways(store));
  const trail = join(folder, "trail.jsonl");
  const config = join(folder, "edgezero.config.json");
  const production = {
    store: url,
    audit: trail,
    ...served.settings,
    plan: SHARED_PLAN,
    ...more,
  };
  writeFileSync(config, JSON.stringify({ environments: { production } }));
  const started: ControllerProcess[] = [];
  const entries = async (): Promise<readonly Entry[]> =>
    (await openFileJournal(trail).read()).entries;
  return {
    redis,
    async start(name) {
      const variables = { ...others, STATE_DIR: join(folder, `state-${name}`) };
      const controller = await startController({ folder, config }, variables);
      started.push(controller);
      return controller;
    },
    failing: (part) => served.failing(part),
    values: async () => store.read(),
    entries,
    async raises() {
      return landed(await entries());
    },
    async close() {
      for (const { pid } of started) {
        try {
          process.kill(pid, "SIGCONT");
        } catch {
          // It has ended.
        }
      }
      await Promise.all(started.map(async (each) => each.end("SIGKILL")));
      await served.close();
      await redis.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One that killed the process before it was recorded has landed where the next process found it in the store. */
function landed(entries: readonly Entry[]): readonly number[] {
  const asked = new Map<string, string | null | undefined>();
  return entries.flatMap((entry) => {
    if (entry.kind === "intent") asked.set(entry.change, entry.to.edgezero_rollout_pct);
    if (entry.kind !== "result" || entry.command !== "set") return [];
    const pct = entry.values?.edgezero_rollout_pct;
    const isFound = entry.result === "interrupted" && pct === asked.get(entry.change);
    return entry.result === "written" || isFound ? [Number(pct)] : [];
  });
}

async function countedGateways(store: OperatorStore): Promise<SharedGateways> {
  const counted = await startCountedSite(async () => store.read());
  return {
    settings: { evidence: [`scrape:${counted.url}`] },
    failing: (part) => void (counted.failing = part),
    close: async () => counted.close(),
  };
}
