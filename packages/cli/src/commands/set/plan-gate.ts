import { checkPlan } from "@edgezero/operations/change/check-plan";
import type { PlanGate } from "@edgezero/operations/change/judge-change";
import { laterRefusal } from "@edgezero/operations/change/later-refusal";
import type { ChangeName } from "@edgezero/operations/journal/entry";
import { effectivePct } from "@edgezero/operations/journal/effective-changes";
import type { Reading } from "@edgezero/operations/reading";
import { describeVerdict } from "@edgezero/progression/plan";
import type { Changes } from "@edgezero/stores/operator-store";
import { CliError } from "../../cli-error.ts";
import type { Context } from "../../context.ts";
import type { WriteOptions } from "../write-options.ts";

const NO_PLAN = "no plan is checked: with --store, a config file is read only if --config names it";

/** The options of a command that may raise the percentage in force. */
export interface RaiseOptions extends WriteOptions {
  /** Whether to override the plan, which needs a reason. */
  readonly force?: boolean | undefined;
}

/**
 * Asks the plan before the operator is asked, and says where the change overrides it. Gives the gate
 * for the change itself; `null` where no plan holds.
 *
 * @throws CliError where `--force` has no reason.
 * @throws OperationError `against-plan`
 */
export async function planGate(
  { output, target, operation }: Context,
  command: ChangeName,
  { values }: Reading,
  to: Changes,
  { force, reason, dryRun, store, config }: RaiseOptions,
): Promise<PlanGate | null> {
  const isForced = force === true;
  if (isForced && !reason?.trim()) {
    const hint = "Nothing was written. The audit trail must say why the plan was overridden.";
    throw new CliError("usage", "--force needs --reason", { hint });
  }
  const say = (text: string): void => output.say(output.errorPaint.warn(text));
  const isRaised = effectivePct({ ...values, ...to }) > effectivePct(values);
  const { plan } = target;
  if (plan === null) {
    if (isRaised && store !== undefined && config === undefined) say(NO_PLAN);
    return null;
  }
  const asked = { plan, isForced };
  if (isRaised) {
    const { verdict, toPct } = await checkPlan(
      operation,
      { command, shown: values, to },
      asked,
      dryRun === true,
    );
    if (!verdict.allowed) say(`--force overrides the plan: ${describeVerdict(verdict, toPct)}`);
  } else {
    const why = laterRefusal(plan, values, to);
    if (why !== null) say(`\`enable\` will need --force: ${why}`);
  }
  return asked;
}
