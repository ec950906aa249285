import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { redisCommand } from "@edgezero/testbed/redis/redis-command";
import { BEGIN, Stage } from "../stage.ts";

/** Where store and trail of a course are: in files of its folder, or in one database of a Redis. */
export interface CoursePlace {
  /** The database's URL; `null` for files. */
  readonly redisUrl: string | null;
  /** A stage at 0, with nothing of an earlier course. */
  begin(): Promise<Stage>;
  /** Keeps all that a killed process has left in a folder and in the store. */
  keep(folder: string): Promise<Kept>;
}

/** What a killed process has left. */
export interface Kept {
  /** Puts all of it back as it was. */
  restore(): Promise<void>;
  remove(): void;
}

/** In files. */
export const FILES: CoursePlace = {
  redisUrl: null,
  begin: async () => new Stage(),
  keep: async (folder) => keepFolder(folder),
};

/** In the even database `number` of a Redis; what is kept of it is in the next one. */
export function redisPlace(url: string, number: number): CoursePlace {
  const redisUrl = `${url}/${number}`;
  const keptUrl = `${url}/${number + 1}`;
  return {
    redisUrl,
    async begin() {
      await redisCommand(redisUrl, "FLUSHDB");
      const stage = new Stage(null, BEGIN, redisUrl);
      await stage.put(0);
      return stage;
    },
    async keep(folder) {
      const files = keepFolder(folder);
      await copyDatabase(redisUrl, keptUrl);
      return {
        async restore() {
          await files.restore();
          await copyDatabase(keptUrl, redisUrl);
        },
        remove: () => files.remove(),
      };
    },
  };
}

/** Makes a database the same as another one. */
async function copyDatabase(from: string, to: string): Promise<void> {
  await redisCommand(to, "FLUSHDB");
  const number = new URL(to).pathname.slice(1);
  const keys = (await redisCommand(from, "KEYS", "*")) as string[];
  for (const key of keys) await redisCommand(from, "COPY", key, key, "DB", number);
}

function keepFolder(folder: string): Kept {
  const left = mkdtempSync(join(tmpdir(), "edgezero-left-"));
  cpSync(folder, left, { recursive: true });
  return {
    async restore() {
      rmSync(folder, { recursive: true, force: true });
      cpSync(left, folder, { recursive: true });
    },
    remove: () => rmSync(left, { recursive: true }),
  };
}
