// A rollout whose operators obey the command, and whose trail somebody edits: for the tests of the gate.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { vi } from "vitest";
import { effectivePct } from "@edgezero/operations/journal/effective-changes";
import type { StoredValues } from "@edgezero/stores/operator-store";
import { run } from "../src/cli.ts";
import { TRAIL_EDITS } from "./trail-edits.ts";

const MINUTE = 60_000;
const STAGES = [1, 10, 50, 100];
const HOLD_MS: Readonly<Record<number, number>> = {
  1: 30 * MINUTE,
  10: 120 * MINUTE,
  50: 24 * 60 * MINUTE,
};
const PLAN = STAGES.map((pct) => ({ pct, hold: `${(HOLD_MS[pct] ?? MINUTE) / MINUTE}m` }));

/** The store of an attacked rollout. */
export interface AttackedStore {
  /** Its URL, for a folder. */
  readonly url: (folder: string) => string;
  readonly read: (folder: string) => Promise<StoredValues>;
  /** Writes values, not through the command. */
  readonly put: (folder: string, values: StoredValues) => Promise<void>;
}

/** A step of an attack. `wait` and `clock-back` have minutes; `both` has two commands at a time. */
export const STEP: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(0, 1, 5, 10, 11, 50, 99, 100).map((pct) => `set ${pct}`),
  },
  { weight: 9, arbitrary: fc.constantFrom("next", "next", "enable") },
  { weight: 2, arbitrary: fc.constantFrom("disable", "rollback") },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "lose trail",
      "killed next",
      ...Object.keys(TRAIL_EDITS).map((how) => `edit ${how}`),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "spell 010",
      "spell +10",
      "both enable&next",
      "both next&next",
      "both next&disable",
    ),
  },
  {
    weight: 9,
    arbitrary: fc.constantFrom(1, 25, 31, 121, 24 * 60 + 1).map((min) => `wait ${min}`),
  },
  { weight: 1, arbitrary: fc.constantFrom(1, 45, 300).map((min) => `clock-back ${min}`) },
);

/** How an attack ended. */
export interface Attack {
  /** Raises that the plan does not allow, and that passed. */
  readonly wrong: readonly string[];
  /** How many raises passed. */
  readonly raises: number;
}

/**
 * Takes the steps in a new folder. The clock of this process must be one of `vi`, and nothing else may
 * write the store.
 */
export async function attack(store: AttackedStore, steps: readonly string[]): Promise<Attack> {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-plan-"));
  try {
    const environments = { site: { store: store.url(folder), audit: "rollout.audit.jsonl" } };
    const config = JSON.stringify({ plan: PLAN, environments });
    writeFileSync(join(folder, "edgezero.config.json"), config);
    await store.put(folder, { edgezero_enabled: "true", edgezero_rollout_pct: "0" });
    const wrong: string[] = [];
    let raises = 0;
    // Time that really passes: the operators' clock may be behind it.
    let [realMs, since, before] = [0, 0, 0];
    for (const [index, step] of steps.entries()) {
      const [word, minutes] = step.split(" ");
      if (word === "wait") realMs += Number(minutes) * MINUTE;
      await take(store, folder, step);
      const after = effectivePct(await store.read(folder));
      const isSkip = STAGES.some((pct) => pct > before && pct < after);
      const isHeld = realMs - since >= (HOLD_MS[before] ?? 0);
      if (after > before) raises++;
      if (after > before && (isSkip || !isHeld)) {
        wrong.push(`${before} -> ${after} by step ${index + 1}, ${step}`);
      }
      if (after !== before) since = realMs;
      before = after;
    }
    return { wrong, raises };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function take(store: AttackedStore, folder: string, step: string): Promise<void> {
  const [word = "", argument = ""] = step.split(" ");
  const files = ["jsonl", "head"].map((name) => join(folder, `rollout.audit.${name}`)) as [
    string,
    string,
  ];
  const [trail, head] = files;
  switch (word) {
    case "wait":
      vi.setSystemTime(Date.now() + Number(argument) * MINUTE);
      return;
    case "clock-back":
      vi.setSystemTime(Date.now() - Number(argument) * MINUTE);
      return;
    case "lose":
      for (const path of files) rmSync(path, { force: true });
      return;
    case "edit": {
      const text = textOf(trail);
      if (text !== null)
        writeFileSync(trail, (TRAIL_EDITS[step.slice(5)] as (text: string) => string)(text));
      return;
    }
    case "spell": {
      // The value that is in force, written outside in another form.
      const values = await store.read(folder);
      if (values.edgezero_rollout_pct === "10") {
        await store.put(folder, { ...values, edgezero_rollout_pct: argument });
      }
      return;
    }
    case "killed": {
      // Killed between its last line and the head of it.
      const last = textOf(head);
      await command(store, folder, argument);
      if (last !== null) writeFileSync(head, last);
      return;
    }
    case "both":
      await Promise.all(argument.split("&").map(async (each) => command(store, folder, each)));
      return;
    default:
      await command(store, folder, step);
  }
}

async function command(store: AttackedStore, folder: string, step: string): Promise<void> {
  const { edgezero_rollout_pct: stored } = await store.read(folder);
  const next = STAGES.find((pct) => pct > Number(stored)) ?? 100;
  const args = step === "next" ? ["set", String(next)] : step.split(" ");
  const options = ["--config", join(folder, "edgezero.config.json")];
  const yes = ["rollback", "disable"].includes(step) ? [] : ["--yes"];
  await run([...args, ...options, "--as", "ann@test", ...yes]);
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
