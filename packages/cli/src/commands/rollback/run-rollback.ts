import type { Target } from "@edgezero/config";
import { loadConfig, operatorName, targetOf } from "@edgezero/config";
import { withDeadline } from "@edgezero/faults/deadline";
import { messageOf } from "@edgezero/faults/faults";
import { openJournal } from "@edgezero/operations/journal/open-journal";
import type { RollbackWatch } from "@edgezero/operations/rollback/begin-watch";
import type { RollbackEvent } from "@edgezero/operations/rollback/rollback";
import { rollback } from "@edgezero/operations/rollback/rollback";
import { openStore } from "@edgezero/stores/open-operator-store";
import type { Outcome, Output } from "../../output/output.ts";
import type { Progress } from "../../output/progress.ts";
import type { RollbackOptions } from "./rollback.ts";
import { rollbackOutcome } from "./rollback-outcome.ts";

/** A config file that hangs costs the trail its own place, never the rollback. */
const CONFIG_MS = 2000;

/** A rollback whose gateways are being watched. */
export interface BegunRollback {
  readonly output: Output;
  readonly options: RollbackOptions;
  readonly watch: RollbackWatch;
  readonly begunAt: number;
  readonly progress: Progress;
  /** The target of a store that only the config file names, or `null`. */
  readonly named: Target | null;
  readonly storeUrl: string;
  /** Whether the number of instances was given. */
  readonly isCountGiven: boolean;
}

/** Runs a rollback to its end, and gives its outcome. */
export async function runRollback(begun: BegunRollback): Promise<Outcome> {
  const { output, options, watch, begunAt, progress, named, storeUrl, isCountGiven } = begun;
  const say = eventWords(output);
  const report = await rollback({
    open: async () => openStore(storeUrl, process.env),
    location: output.safe(storeUrl),
    openJournal: async () => {
      const target = named ?? (await lateTarget(output, options));
      output.hide(target.secrets);
      return openJournal(target.journal);
    },
    disable: options.disable === true,
    who: operatorName(options.as, process.env, named?.operator ?? null),
    reason: options.reason ?? null,
    watch,
    begunAt,
    safe: output.safe,
    onEvent(event) {
      if (event.kind === "retrying") say(event);
      else progress.update("0 is written; waiting for proof of what is served");
    },
  }).finally(progress.stop);
  const terms = { isCountGiven, acceptsUnverified: options.acceptUnverified === true };
  return rollbackOutcome(report, terms, output);
}

/** The target of a store that was given by its URL. A config file with a fault counts as missing. */
async function lateTarget(output: Output, options: RollbackOptions): Promise<Target> {
  const cwd = process.cwd();
  try {
    const loaded = await withDeadline(CONFIG_MS, async () => loadConfig(options, cwd));
    return targetOf(options, process.env, cwd, loaded);
  } catch (error) {
    output.say(output.errorPaint.warn(`warning: ${messageOf(error)}`));
    return targetOf(options, process.env, cwd, null);
  }
}

/** Says each fault of the store once, as it comes. */
function eventWords(output: Output): (event: Extract<RollbackEvent, { kind: "retrying" }>) => void {
  let said = "";
  return ({ fault }) => {
    if (fault !== said) output.say(output.errorPaint.warn(`not yet: ${fault}; trying again`));
    said = fault;
  };
}
