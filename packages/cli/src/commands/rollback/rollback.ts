import type { Target } from "@edgezero/config";
import { explicitStore, loadConfig, targetOf } from "@edgezero/config";
import { withDeadline } from "@edgezero/faults/deadline";
import { messageOf } from "@edgezero/faults/faults";
import { openFileJournal } from "@edgezero/operations/journal/file/file-journal";
import type { RollbackEvent } from "@edgezero/operations/rollback/rollback";
import { rollback as runRollback } from "@edgezero/operations/rollback/rollback";
import { openStore } from "@edgezero/stores/open-operator-store";
import { passwordsOf } from "@edgezero/stores/redact";
import { CliError } from "../../cli-error.ts";
import { whoOf } from "../../context.ts";
import type { Outcome, Output } from "../../output/output.ts";
import type { WriteOptions } from "../write-options.ts";
import { rollbackOutcome } from "./rollback-outcome.ts";

/** A config file that hangs costs the trail its own place, never the rollback. */
const CONFIG_MS = 2000;

/** The options of `rollback`. */
export interface RollbackOptions extends WriteOptions {
  readonly disable?: boolean | undefined;
  readonly url: readonly string[];
  /** Responses in a row that each gateway must give from legacy. */
  readonly probes: number;
  /** How long to try and to verify, in seconds. */
  readonly timeout: number;
}

/**
 * `rollback`: sets 0 at once, then verifies it. Where the store is given by its URL, nothing comes
 * before the write: the config file only says where the trail is, and is read after it.
 */
export async function rollback(output: Output, options: RollbackOptions): Promise<Outcome> {
  const begunAt = performance.now();
  // A broken connection takes the terminal away, which must not stop a rollback half-way.
  process.on("SIGHUP", () => {});
  const explicit = explicitStore(options, process.env, process.cwd());
  const named = explicit === null ? await namedTarget(options) : null;
  const storeUrl = explicit ?? named?.storeUrl ?? "";
  output.hide(passwordsOf(storeUrl));
  const progress = output.progress("writing 0");
  const say = eventWords(output);
  const report = await runRollback({
    open: async () => openStore(storeUrl, process.env),
    location: output.safe(storeUrl),
    openJournal: async () =>
      openFileJournal((named ?? (await lateTarget(output, options))).trailPath),
    disable: options.disable === true,
    who: whoOf(options, named?.operator),
    reason: options.reason ?? null,
    urls: options.url,
    needed: options.probes,
    timeoutMs: options.timeout * 1000,
    begunAt,
    safe: output.safe,
    onEvent(event) {
      if (event.kind === "retrying") say(event);
      else progress.update(`waiting for ${options.probes} responses in a row from legacy`);
    },
  }).finally(progress.stop);
  return rollbackOutcome(report, output);
}

/** The target of a store that only the config file names, which must then be read first. */
async function namedTarget(options: RollbackOptions): Promise<Target> {
  try {
    const loaded = await loadConfig(options, process.cwd());
    return targetOf(options, process.env, process.cwd(), loaded);
  } catch (error) {
    const hint = "Nothing was written. --store <url> needs no config file.";
    throw new CliError("usage", `NOT ROLLED BACK: ${messageOf(error)}`, { hint, cause: error });
  }
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
