import { existsSync } from "node:fs";
import { join } from "node:path";
import { explicitStore, findConfig } from "@edgezero/config";
import { readingOf, valuesText } from "@edgezero/operations/reading";
import { RUNBOOK_PLAN } from "@edgezero/progression/plan";
import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import { createFile } from "@edgezero/stores/file/durable-file";
import type { Changes, StoredValues } from "@edgezero/stores/operator-store";
import { StoreMissingError } from "@edgezero/stores/operator-store";
import { redact } from "@edgezero/stores/redact";
import { isSameValues } from "@edgezero/stores/stored-values";
import type { Context } from "../context.ts";
import { withOperation } from "../context.ts";
import type { Outcome, Output } from "../output/output.ts";
import { changeOutcome } from "./change-outcome.ts";
import { makeChange } from "./make-change.ts";
import type { WriteOptions } from "./write-options.ts";

const NOTHING: StoredValues = { [EDGEZERO_ENABLED_KEY]: null, [EDGEZERO_ROLLOUT_PCT_KEY]: null };

/** `init`: creates missing keys, so that every client goes to legacy. Never overwrites. */
export async function init(output: Output, options: WriteOptions): Promise<Outcome> {
  return withOperation(output, options, async (context) => {
    const { store } = context.operation;
    const found = await store.read().catch((error: unknown) => {
      if (error instanceof StoreMissingError && store.create !== undefined) return null;
      throw error;
    });
    const shown = found ?? NOTHING;
    const before = await readingOf(shown);
    const to: Changes = {
      ...(shown[EDGEZERO_ENABLED_KEY] === null && { [EDGEZERO_ENABLED_KEY]: "false" }),
      ...(shown[EDGEZERO_ROLLOUT_PCT_KEY] === null && { [EDGEZERO_ROLLOUT_PCT_KEY]: "0" }),
    };
    const radius = "nobody moves: what is created says legacy";
    const write = found === null ? store.create?.bind(store) : undefined;
    const reason = options.reason ?? null;
    const { after, notes } =
      Object.keys(to).length === 0
        ? { after: before, notes: [] }
        : await makeChange(context, { command: "init", to, reason, shown, write });
    const config = await createConfig(context, options);
    const outcome = changeOutcome({ context, before, after, radius, notes });
    const text = isSameValues(before.values, after.values)
      ? `both keys are there: ${valuesText(after.values)}`
      : outcome.text;
    const created = config === null ? "" : `\nplan written: ${config}`;
    return { document: { ...outcome.document, config }, text: text + created };
  });
}

/** Writes a config file with the runbook's plan where no config file exists. Gives its path, or `null`. */
async function createConfig({ loaded }: Context, options: WriteOptions): Promise<string | null> {
  const cwd = process.cwd();
  const path = join(cwd, "edgezero.config.json");
  if (loaded !== null || findConfig(cwd) !== null || existsSync(path)) return null;
  const store = explicitStore(options, process.env, cwd);
  // The file is committed, so it must not hold credentials: such a store is named elsewhere.
  const isSafe = store !== null && redact(store) === store;
  const environments = isSafe ? { default: { store: givenStore(options) } } : undefined;
  const config = { ...(environments && { environments }), plan: RUNBOOK_PLAN };
  await createFile(path, `${JSON.stringify(config, null, 2)}\n`);
  return path;
}

/** The URL as it was given: its path is relative to this folder, where the config file is too. */
function givenStore({ store }: WriteOptions): string {
  return store ?? process.env["EDGEZERO_STORE"] ?? "";
}
