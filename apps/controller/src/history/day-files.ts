import { createReadStream, createWriteStream } from "node:fs";
import { appendFile, copyFile, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline as piped } from "node:stream";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { errorCode } from "@edgezero/faults/faults";

/** What is kept: readings of the rollout, and the windows of its evidence. */
export type Kept = "readings" | "windows";

const FORM = /^(\d{4}-\d\d-\d\d)\.(readings|windows)\.ndjson(\.gz)?$/;

interface DayFile {
  readonly day: string;
  readonly kept: Kept;
  readonly isPacked: boolean;
  readonly path: string;
}

/** Files of a rollout, one of each kind for each day of UTC. Lines are only ever added at the end. */
export interface DayFiles {
  /** Adds lines to a day's file. */
  append(kept: Kept, day: string, lines: readonly string[]): Promise<void>;
  /** The days of which there is something, oldest first. */
  days(kept: Kept): Promise<readonly string[]>;
  /** The whole lines of a day. A line that a crash has cut is passed over, and given as it is. */
  lines(kept: Kept, day: string): AsyncGenerator<string>;
  /** Compresses what is before a day, and removes what is before another one. Then the oldest, above `mostBytes`. */
  tidy(today: string, oldest: string, mostBytes: number): Promise<void>;
  /** All files together, in bytes. */
  bytes(): Promise<number>;
}

/** The day of a time, by UTC. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

export function dayFiles(folder: string): DayFiles {
  /** The file of each kind that is known to end with a whole line. */
  const mended = new Map<Kept, string>();

  async function files(): Promise<readonly DayFile[]> {
    const names = await readdir(folder).catch((error: unknown) => {
      if (errorCode(error) === "ENOENT") return [];
      throw error;
    });
    return names
      .toSorted((a, b) => a.localeCompare(b))
      .flatMap((name) => {
        const [, day, kept, packed] = FORM.exec(name) ?? [];
        if (day === undefined) return [];
        return [
          { day, kept: kept as Kept, isPacked: packed !== undefined, path: join(folder, name) },
        ];
      });
  }

  function plain(kept: Kept, day: string): string {
    return join(folder, `${day}.${kept}.ndjson`);
  }

  /** After a crash the file may end in the middle of a line, to which nothing must be added. */
  async function mend(kept: Kept, path: string): Promise<void> {
    if (mended.get(kept) === path) return;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const handle = await open(path, "a+", 0o600);
    try {
      const { size } = await handle.stat();
      const last = Buffer.alloc(1);
      if (size > 0) await handle.read(last, 0, 1, size - 1);
      if (size > 0 && last.toString() !== "\n") await handle.appendFile("\n");
    } finally {
      await handle.close();
    }
    mended.set(kept, path);
  }

  return {
    async append(kept, day, lines) {
      if (lines.length === 0) return;
      const path = plain(kept, day);
      await mend(kept, path);
      await appendFile(path, lines.map((line) => `${line}\n`).join(""));
    },
    async days(kept) {
      const found = (await files()).filter((file) => file.kept === kept);
      return [...new Set(found.map(({ day }) => day))];
    },
    async *lines(kept, day) {
      const found = (await files()).filter((file) => file.kept === kept && file.day === day);
      // What was packed is from before what is plain.
      for (const { path, isPacked } of found.toSorted((a, b) => +b.isPacked - +a.isPacked)) {
        const file = createReadStream(path);
        yield* linesOf(isPacked ? piped(file, createGunzip(), () => {}) : file);
      }
    },
    async tidy(today, oldest, mostBytes) {
      for (const file of await files()) {
        if (file.day < oldest) await rm(file.path, { force: true });
        else if (!file.isPacked && file.day < today) await pack(file.path);
      }
      const left = await files();
      const sizes = await Promise.all(left.map(async ({ path }) => (await stat(path)).size));
      let total = sizes.reduce((sum, size) => sum + size, 0);
      // Windows are the most of it. Without the oldest of them a chart is whole all the same.
      const order = left
        .map(({ day, kept, path }, i) => ({ day, kept, path, size: sizes[i] ?? 0 }))
        .filter(({ day }) => day < today)
        .toSorted((a, b) => b.kept.localeCompare(a.kept) || a.day.localeCompare(b.day));
      for (const { path, size } of order) {
        if (total <= mostBytes) return;
        await rm(path, { force: true });
        total -= size;
      }
    },
    async bytes() {
      const sizes = (await files()).map(async ({ path }) => (await stat(path)).size);
      return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    },
  };
}

async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of stream.setEncoding("utf8") as AsyncIterable<string>) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

/**
 * Replaces a file by a compressed one, or adds to that. Killed in between, both are there, and readers pass
 * over what they have had.
 */
async function pack(path: string): Promise<void> {
  const packed = `${path}.gz`;
  // What is added to a file that cannot be read could not be read either.
  if (!(await isReadable(packed))) await rename(packed, `${packed}.unreadable-${Date.now()}`);
  await copyFile(packed, `${packed}.new`).catch(async (error: unknown) => {
    if (errorCode(error) !== "ENOENT") throw error;
    await rm(`${packed}.new`, { force: true });
  });
  const end = createWriteStream(`${packed}.new`, { flags: "a", mode: 0o600 });
  await pipeline(createReadStream(path), createGzip(), end);
  await rename(`${packed}.new`, packed);
  await rm(path, { force: true });
}

/** Whether a compressed file is whole; true where there is none. */
async function isReadable(path: string): Promise<boolean> {
  try {
    const lines = linesOf(piped(createReadStream(path), createGunzip(), () => {}));
    while ((await lines.next()).done !== true);
    return true;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return true;
    if (errorCode(error).startsWith("Z_")) return false;
    throw error;
  }
}
