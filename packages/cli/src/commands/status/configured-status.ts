import { holderText } from "@edgezero/operations/change/take-lock";
import { lastChangeText } from "@edgezero/operations/journal/last-change";
import type { Reading } from "@edgezero/operations/reading";
import { meaningOf, quoted } from "@edgezero/operations/reading";
import { storeStatus } from "@edgezero/operations/store-status";
import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import type { Context } from "../../context.ts";
import { aligned } from "../../output/aligned.ts";
import type { Outcome } from "../../output/output.ts";
import type { lookBeside } from "../control/reach.ts";

/** The outcome of reading the store, and the reading itself. */
export interface ConfiguredStatus extends Outcome {
  readonly reading: Reading;
}

/**
 * Shows the values in the store, and the last change by the audit trail. A controller that answers knows
 * the hold better than the trail.
 */
export async function configuredStatus(
  { output, target, operation }: Context,
  looking: ReturnType<typeof lookBeside>,
): Promise<ConfiguredStatus> {
  const { environment, plan } = target;
  const { faint, strong, warn } = output.paint;
  const found = await storeStatus(operation, plan);
  const { reading, lastChange, rail, lock, notes, finding, document } = found;
  const { values, state } = reading;
  const shown = (value: string | null): string =>
    value === null ? faint("absent") : quoted(value);
  const rows = [
    ["store", operation.store.location + (environment === null ? "" : ` (${environment})`)],
    [EDGEZERO_ENABLED_KEY, shown(values[EDGEZERO_ENABLED_KEY])],
    [EDGEZERO_ROLLOUT_PCT_KEY, shown(values[EDGEZERO_ROLLOUT_PCT_KEY])],
    ["meaning", strong(meaningOf(reading))],
    ["reason, epoch", `${state.reason}, ${state.epoch}`],
    ["last change", lastChange === null ? faint("none recorded") : lastChangeText(lastChange)],
  ];
  const isLed = (await looking)?.look.kind === "seen";
  if (rail !== null && !isLed) rows.push(["plan", rail.text]);
  if (lock !== null) rows.push(["in progress", warn(holderText(lock))]);
  if (finding !== null) rows.push(["audit trail", warn(finding)]);
  const lines = [
    aligned(rows.map(([name = "", text = ""]) => [faint(name), text])),
    ...notes.map(({ text }) => warn(`note: ${text}`)),
  ];
  return { reading, text: lines.join("\n"), document: { ...document, environment } };
}
