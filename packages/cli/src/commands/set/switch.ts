import {
  EDGEZERO_ENABLED_KEY,
  EDGEZERO_ROLLOUT_PCT_KEY,
  parseEdgezeroFlag,
} from "@edgezero/rollout";
import { blastRadius } from "@edgezero/operations/change/blast-radius";
import type { Reading } from "@edgezero/operations/reading";
import { quoted, readingOf } from "@edgezero/operations/reading";
import { CliError } from "../../cli-error.ts";
import { withOperation } from "../../context.ts";
import { confirm } from "../../output/ask.ts";
import type { Outcome, Output } from "../../output/output.ts";
import { changeOutcome } from "../change-outcome.ts";
import { dryRunOutcome } from "../dry-run.ts";
import { makeChange } from "../make-change.ts";
import type { WriteOptions } from "../write-options.ts";
import type { RaiseOptions } from "./plan-gate.ts";
import { planGate } from "./plan-gate.ts";

/** `enable`: turns the master switch on. The stored percentage then counts. */
export async function enable(output: Output, options: RaiseOptions): Promise<Outcome> {
  return turn(output, options, "enable", "true");
}

/** `disable`: turns the master switch off. */
export async function disable(output: Output, options: WriteOptions): Promise<Outcome> {
  return turn(output, options, "disable", "false");
}

async function turn(
  output: Output,
  options: RaiseOptions,
  command: "enable" | "disable",
  value: "true" | "false",
): Promise<Outcome> {
  return withOperation(output, options, async (context) => {
    const { store } = context.operation;
    const before = await readingOf(await store.read());
    const isOn = command === "enable";
    const stored = before.values[EDGEZERO_ENABLED_KEY];
    const radius = blastRadius(before.state.rolloutPct, isOn ? checkedPct(before) : 0);
    if (stored !== null && parseEdgezeroFlag(stored) === isOn) {
      return changeOutcome({ context, before, after: before, radius, notes: [] });
    }
    const to = { [EDGEZERO_ENABLED_KEY]: value };
    const gate = isOn ? await planGate(context, command, before, to, options) : null;
    output.say(radius);
    if (options.dryRun === true) return dryRunOutcome(context, { before, to, radius });
    if (isOn && checkedPct(before) > 0 && !options.yes) {
      await confirm(output, `Turn the switch on in ${store.location}?`);
    }
    const { after, notes } = await makeChange(context, {
      command,
      to,
      reason: options.reason ?? null,
      shown: before.values,
      planGate: gate,
    });
    return changeOutcome({ context, before, after, radius, notes });
  });
}

/** The percentage that would count. @throws CliError where it is absent or not valid. */
function checkedPct({ values, storedPct }: Reading): number {
  if (storedPct !== null) return storedPct;
  const pct = values[EDGEZERO_ROLLOUT_PCT_KEY];
  const fault = pct === null ? "is absent" : `is ${quoted(pct)}, not a whole number from 0 to 100`;
  throw new CliError("refused", `${EDGEZERO_ROLLOUT_PCT_KEY} ${fault}`, {
    hint: "Nothing was written. Set it first, such as by `set 0`, and then `enable`.",
  });
}
