import type { StoredValues } from "@edgezero/stores/operator-store";
import { StoreError, StoreMissingError } from "@edgezero/stores/operator-store";
import { describe, expect, test } from "vitest";
import { isMirrored, mirroredText } from "./mirrored-text.ts";
import type { MirrorNote } from "./run-mirror.ts";
import { runMirror } from "./run-mirror.ts";

const AT_10: StoredValues = { edgezero_enabled: "true", edgezero_rollout_pct: "10" };
const AT_0: StoredValues = { ...AT_10, edgezero_rollout_pct: "0" };
const STEP_MS = 250;

interface Run {
  /** The texts that were written, and when. */
  readonly writes: { readonly at: number; readonly text: string }[];
  readonly notes: MirrorNote[];
}

/** Runs a mirror over these answers of its store, one each 250 ms. */
async function mirror(
  answers: readonly (StoredValues | Error)[],
  faults: ReadonlySet<number> = new Set(),
): Promise<Run> {
  const run: Run = { writes: [], notes: [] };
  const stop = new AbortController();
  let turn = 0;
  await runMirror({
    async read() {
      const answer = answers[turn] as StoredValues | Error;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    async write(text) {
      if (faults.has(turn)) throw new Error("disk full");
      run.writes.push({ at: turn * STEP_MS, text });
    },
    now: () => turn * STEP_MS,
    async pause() {
      if (++turn === answers.length) stop.abort();
    },
    onNote: (note) => run.notes.push(note),
    signal: stop.signal,
  });
  return run;
}

describe("a mirror", () => {
  test("writes once a second while nothing changes, and a change at once", async () => {
    const { writes, notes } = await mirror([AT_10, AT_10, AT_10, AT_10, AT_10, AT_0, AT_0]);
    expect(writes).toEqual([
      { at: 0, text: mirroredText(AT_10, 0) },
      { at: 1000, text: mirroredText(AT_10, 1000) },
      { at: 1250, text: mirroredText(AT_0, 1250) },
    ]);
    expect(notes).toEqual([
      { kind: "mirrored", values: AT_10 },
      { kind: "mirrored", values: AT_0 },
    ]);
  });

  test("leaves the file alone while the store cannot be read, and says so once", async () => {
    const gone = new StoreError("redis is gone");
    const { writes, notes } = await mirror([
      AT_10,
      ...Array.from({ length: 8 }, () => gone),
      AT_10,
    ]);
    expect(writes.map(({ at }) => at)).toEqual([0, 2250]);
    expect(notes).toEqual([
      { kind: "mirrored", values: AT_10 },
      { kind: "fault", message: "redis is gone" },
      { kind: "mirrored", values: AT_10 },
    ]);
  });

  test("mirrors a store that is missing as one without values, which is legacy at once", async () => {
    const { writes } = await mirror([AT_10, new StoreMissingError("no file")]);
    expect(JSON.parse(writes.at(-1)?.text ?? "")).toEqual({ edgezero_mirrored_at: "250" });
  });

  test("writes again what could not be written", async () => {
    const { writes, notes } = await mirror([AT_10, AT_0, AT_0], new Set([1]));
    expect(writes.map(({ at }) => at)).toEqual([0, 500]);
    expect(notes.map(({ kind }) => kind)).toEqual(["mirrored", "fault", "mirrored"]);
  });

  test("knows its own file from another's", () => {
    expect(isMirrored(mirroredText(AT_10, 5))).toBe(true);
    for (const text of ["", "{}", "null", '"edgezero_mirrored_at"', JSON.stringify(AT_10)]) {
      expect(isMirrored(text)).toBe(false);
    }
  });
});
