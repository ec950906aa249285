import {
  EDGEZERO_ENABLED_KEY,
  EDGEZERO_ROLLOUT_PCT_KEY,
  parseEdgezeroFlag,
} from "@edgezero/rollout";
import { CliError } from "../cli-error.ts";
import { confirm } from "../output/ask.ts";
import type { Outcome, Output } from "../output/output.ts";
import { blastRadius } from "@edgezero/operations/change/blast-radius";
import { makeChange } from "../rollout/make-change.ts";
import type { Reading } from "@edgezero/operations/reading";
import { quoted, readingOf } from "@edgezero/operations/reading";
import { withSession } from "../session.ts";
import { changeOutcome } from "./change-outcome.ts";
import type { WriteOptions } from "./set.ts";

/** `enable`: turns the master switch on, where the percentage says how far. */
export async function enable(output: Output, options: WriteOptions): Promise<Outcome> {
  return turn(output, options, "enable", "true");
}

/** `disable`: turns the master switch off. */
export async function disable(output: Output, options: WriteOptions): Promise<Outcome> {
  return turn(output, options, "disable", "false");
}

async function turn(
  output: Output,
  options: WriteOptions,
  command: "enable" | "disable",
  value: "true" | "false",
): Promise<Outcome> {
  return withSession(output, options, async (session) => {
    const before = await readingOf(await session.store.read());
    const isOn = command === "enable";
    const stored = before.values[EDGEZERO_ENABLED_KEY];
    const radius = blastRadius(before.state.rolloutPct, isOn ? checkedPct(before) : 0);
    if (stored !== null && parseEdgezeroFlag(stored) === isOn) {
      return changeOutcome({ session, before, after: before, radius, notices: [] });
    }
    output.say(radius);
    if (isOn && checkedPct(before) > 0 && !options.yes) {
      await confirm(output, `Turn the switch on in ${session.store.location}?`);
    }
    const to = { [EDGEZERO_ENABLED_KEY]: value };
    const reason = options.reason ?? null;
    const request = { command, to, reason, shown: before.values };
    const { after, notices } = await makeChange(session, request);
    return changeOutcome({ session, before, after, radius, notices });
  });
}

/** The percentage that would count. @throws CliError when it is not there or not valid. */
function checkedPct({ values, storedPct }: Reading): number {
  if (storedPct !== null) return storedPct;
  const pct = values[EDGEZERO_ROLLOUT_PCT_KEY];
  const fault = pct === null ? "is absent" : `is ${quoted(pct)}, not a whole number from 0 to 100`;
  throw new CliError("refused", `${EDGEZERO_ROLLOUT_PCT_KEY} ${fault}`, {
    hint: "Nothing was written. Set it first, such as by `set 0`, and then `enable`.",
  });
}
