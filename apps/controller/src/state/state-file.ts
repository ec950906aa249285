import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode } from "@edgezero/faults/faults";
import { removeAbandoned, replaceFile } from "@edgezero/stores/file/durable-file";
import { readOwnFile } from "@edgezero/stores/file/own-file";

/** Where the state of one rollout is kept. */
export interface StateFile {
  readonly path: string;
  /** The text that was saved last; `null` where there is no file. Rejects where it cannot be read. */
  load(): Promise<string | null>;
  /** Whether the text that was loaded last lay in the store itself; absent where it never does. */
  isBesideKeys?(): boolean;
  /** Replaces the whole text. It is on the disk once this resolves. */
  save(text: string): Promise<void>;
}

/** A state as one file: a reader sees the old text or the new one, also after a power cut. */
export function stateFile(path: string): StateFile {
  return {
    path,
    async load() {
      try {
        const text = (await readOwnFile(path)).toString();
        await removeAbandoned(path).catch(() => {});
        return text;
      } catch (error) {
        if (errorCode(error) === "ENOENT") return null;
        throw error;
      }
    },
    async save(text) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await replaceFile(path, text);
    },
  };
}
