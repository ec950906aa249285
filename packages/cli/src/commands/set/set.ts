import { EDGEZERO_ROLLOUT_PCT_KEY, parseRolloutPct } from "@edgezero/rollout";
import { storedBlastRadius } from "@edgezero/operations/change/blast-radius";
import { readingOf } from "@edgezero/operations/reading";
import { driftText } from "@edgezero/control-api/look-text";
import { CliError } from "../../cli-error.ts";
import { withOperation } from "../../context.ts";
import { confirm } from "../../output/ask.ts";
import type { Outcome, Output } from "../../output/output.ts";
import { lookBeside } from "../control/reach.ts";
import { changeOutcome } from "../change-outcome.ts";
import { dryRunOutcome } from "../dry-run.ts";
import { makeChange } from "../make-change.ts";
import type { GatewayOptions } from "../gateways.ts";
import type { RaiseOptions } from "./plan-gate.ts";
import { planGate } from "./plan-gate.ts";
import { awaitedGateways, servedOutcome } from "./wait-until-served.ts";

/** The options of `set`. */
export interface SetOptions extends RaiseOptions, GatewayOptions {
  /** Whether to wait until the gateways serve it, which `url` asks for too. */
  readonly wait?: boolean | undefined;
  /** How long to wait, in seconds. */
  readonly timeout: number;
}

/** `set <pct>`: moves the percentage. */
export async function set(output: Output, text: string, options: SetOptions): Promise<Outcome> {
  const pct = parseRolloutPct(text.replace(/(?<=\d)%$/, ""));
  if (pct === null) {
    throw new CliError("usage", `${JSON.stringify(text)} is not a whole number from 0 to 100`, {
      hint: "Such as `set 10` or `set 10%`.",
    });
  }
  return withOperation(output, options, async (context) => {
    const { store } = context.operation;
    const awaited = awaitedGateways(output, options, context.target);
    const before = await readingOf(await store.read());
    if (before.values[EDGEZERO_ROLLOUT_PCT_KEY] === String(pct)) {
      const radius = "nothing to write";
      const same = changeOutcome({ context, before, after: before, radius, notes: [] });
      return servedOutcome(output, same, awaited, before, options.timeout);
    }
    const fromPct = before.storedPct ?? 0;
    const radius = storedBlastRadius(before, fromPct, pct);
    const to = { [EDGEZERO_ROLLOUT_PCT_KEY]: String(pct) };
    const gate = await planGate(context, "set", before, to, options);
    output.say(radius);
    const led = pct === 0 ? null : await lookBeside(context, {});
    const drift = led === null ? null : driftText(led.look);
    if (drift !== null) output.say(output.errorPaint.warn(drift));
    if (options.dryRun === true) return dryRunOutcome(context, { before, to, radius });
    if (pct > fromPct && !options.yes) {
      await confirm(output, `Write ${pct} to ${store.location}?`);
    }
    const { after, notes } = await makeChange(context, {
      command: "set",
      to,
      reason: options.reason ?? null,
      shown: before.values,
      planGate: gate,
    });
    const outcome = changeOutcome({ context, before, after, radius, notes });
    return servedOutcome(output, outcome, awaited, after, options.timeout);
  });
}
