import { readFile } from "node:fs/promises";
import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import { createFile, replaceFile } from "@edgezero/stores/file/durable-file";

/** The store of the demo, edited by hand: by someone who knows nothing of the controller. */
export interface HandEdited {
  deleteKey(): Promise<void>;
  /** Writes 0 where the key is absent. */
  restoreKey(): Promise<void>;
}

/** Creates the file with the switch on, and nobody on EdgeZero. */
export async function createStore(path: string): Promise<HandEdited> {
  const initial = { [EDGEZERO_ENABLED_KEY]: "true", [EDGEZERO_ROLLOUT_PCT_KEY]: "0" };
  await createFile(path, textOf(initial));

  async function read(): Promise<Record<string, unknown>> {
    return JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
  }

  return {
    async deleteKey() {
      const { [EDGEZERO_ROLLOUT_PCT_KEY]: _, ...rest } = await read();
      await replaceFile(path, textOf(rest));
    },
    async restoreKey() {
      const values = await read();
      if (Object.hasOwn(values, EDGEZERO_ROLLOUT_PCT_KEY)) return;
      await replaceFile(path, textOf({ ...values, [EDGEZERO_ROLLOUT_PCT_KEY]: "0" }));
    },
  };
}

function textOf(values: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(values, null, 2)}\n`;
}
