import { existsSync } from "node:fs";
import { join } from "node:path";
import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import { explicitStore } from "../config/target.ts";
import { findConfig } from "../config/load-config.ts";
import type { Outcome, Output } from "../output/output.ts";
import { redact } from "@edgezero/stores/redact";
import { makeChange } from "../rollout/make-change.ts";
import { RUNBOOK_PLAN } from "@edgezero/progression/plan/plan";
import { isSameValues } from "@edgezero/stores/stored-values";
import { readingOf, valuesText } from "@edgezero/operations/reading";
import type { Session } from "../session.ts";
import { withSession } from "../session.ts";
import { createFile } from "@edgezero/stores/file/durable-file";
import type { Changes, StoredValues } from "@edgezero/stores/operator-store";
import { StoreMissingError } from "@edgezero/stores/operator-store";
import { changeOutcome } from "./change-outcome.ts";
import type { WriteOptions } from "./set.ts";

const NOTHING: StoredValues = { [EDGEZERO_ENABLED_KEY]: null, [EDGEZERO_ROLLOUT_PCT_KEY]: null };

/** `init`: creates what is missing, so that every client goes to legacy. Never overwrites. */
export async function init(output: Output, options: WriteOptions): Promise<Outcome> {
  return withSession(output, options, async (session) => {
    const { store } = session;
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
    const { after, notices } =
      Object.keys(to).length === 0
        ? { after: before, notices: [] }
        : await makeChange(session, { command: "init", to, reason, shown, write });
    const config = await createConfig(session, options);
    const outcome = changeOutcome({ session, before, after, radius, notices });
    const text = isSameValues(before.values, after.values)
      ? `both keys are there: ${valuesText(after.values)}`
      : outcome.text;
    const created = config === null ? "" : `\nplan written: ${config}`;
    return { document: { ...outcome.document, config }, text: text + created };
  });
}

/** Writes a config file with the runbook's plan, where there is none. Gives its path, or `null`. */
async function createConfig({ loaded }: Session, options: WriteOptions): Promise<string | null> {
  const cwd = process.cwd();
  const path = join(cwd, "edgezero.config.json");
  if (loaded !== null || findConfig(cwd) !== null || existsSync(path)) return null;
  const store = explicitStore(options, process.env, cwd);
  // Credentials are not for files that are committed: then the store is named elsewhere.
  const isSafe = store !== null && redact(store) === store;
  const environments = isSafe ? { default: { store: givenStore(options) } } : undefined;
  const config = { ...(environments && { environments }), plan: RUNBOOK_PLAN };
  await createFile(path, `${JSON.stringify(config, null, 2)}\n`);
  return path;
}

/** The URL as it was given: relative to this folder, which is the config file's too. */
function givenStore({ store }: WriteOptions): string {
  return store ?? process.env["EDGEZERO_STORE"] ?? "";
}
