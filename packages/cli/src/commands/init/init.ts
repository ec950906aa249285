import { nextSteps } from "@edgezero/config";
import { planConfig, writeConfig } from "@edgezero/config/plan-config";
import { readingOf, valuesText } from "@edgezero/operations/reading";
import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import type { Changes } from "@edgezero/stores/operator-store";
import { StoreMissingError } from "@edgezero/stores/operator-store";
import { isSameValues, NO_VALUES } from "@edgezero/stores/stored-values";
import { withOperation } from "../../context.ts";
import type { Outcome, Output } from "../../output/output.ts";
import { changeOutcome } from "../change-outcome.ts";
import { dryRunOutcome } from "../dry-run.ts";
import { makeChange } from "../make-change.ts";
import type { WriteOptions } from "../write-options.ts";

/**
 * `init`: creates missing keys, so that every client goes to legacy, and a config file where no such
 * file exists. With `--env` it adds an environment to the config file. Never overwrites a value.
 */
export async function init(output: Output, options: WriteOptions): Promise<Outcome> {
  const planned = await planConfig(options, process.env, process.cwd());
  return withOperation(output, { ...options, ...planned.choice }, async (context) => {
    const { store } = context.operation;
    const found = await store.read().catch((error: unknown) => {
      if (error instanceof StoreMissingError && store.create !== undefined) return null;
      throw error;
    });
    const shown = found ?? NO_VALUES;
    const before = await readingOf(shown);
    const to: Changes = {
      ...(shown[EDGEZERO_ENABLED_KEY] === null && { [EDGEZERO_ENABLED_KEY]: "false" }),
      ...(shown[EDGEZERO_ROLLOUT_PCT_KEY] === null && { [EDGEZERO_ROLLOUT_PCT_KEY]: "0" }),
    };
    const radius = "nobody moves: what is created says legacy";
    const { change } = planned;
    if (options.dryRun === true) {
      const dry = dryRunOutcome(context, { before, to, radius });
      const also = change === null ? "" : `\n${change.path} would be written: ${change.what}`;
      const config = change?.path ?? null;
      return { document: { ...dry.document, config }, text: dry.text + also };
    }
    const write = found === null ? store.create?.bind(store) : undefined;
    const reason = options.reason ?? null;
    const { after, notes } =
      Object.keys(to).length === 0
        ? { after: before, notes: [] }
        : await makeChange(context, { command: "init", to, reason, shown, write });
    if (change !== null) await writeConfig(change);
    const outcome = changeOutcome({ context, before, after, radius, notes });
    const text = isSameValues(before.values, after.values)
      ? `both keys are there: ${valuesText(after.values)}`
      : outcome.text;
    const lines = [text];
    if (change !== null) {
      lines.push(`${change.what} written: ${change.path}, for ${store.location}`);
      lines.push(...nextSteps(process.env));
    }
    const config = change?.path ?? null;
    return { document: { ...outcome.document, config }, text: lines.join("\n") };
  });
}
