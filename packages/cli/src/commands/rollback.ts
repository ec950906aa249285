import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "@edgezero/faults/faults";
import { CliError } from "../cli-error.ts";
import { loadConfig } from "../config/load-config.ts";
import type { Target } from "../config/target.ts";
import { explicitStore, targetOf } from "../config/target.ts";
import type { Outcome, Output } from "../output/output.ts";
import { passwordsOf } from "@edgezero/stores/redact";
import type { WayToZero, Written } from "@edgezero/operations/probe/watch-for-zero";
import { watchForZero } from "@edgezero/operations/probe/watch-for-zero";
import type { ZeroWrite } from "@edgezero/operations/rollback/write-zero";
import { holds, writeZero, zeroChanges } from "@edgezero/operations/rollback/write-zero";
import { readingOf } from "@edgezero/operations/reading";
import { coordinationOf, whoOf } from "../session.ts";
import { openStore } from "@edgezero/stores/open-operator-store";
import type { Changes, OperatorStore } from "@edgezero/stores/operator-store";
import { recordRollback } from "./record-rollback.ts";
import { rollbackOutcome } from "./rollback-outcome.ts";
import type { RollbackReport } from "./rollback-report.ts";
import type { WriteOptions } from "./set.ts";

/** A config file that hangs costs the trail its own place, never the rollback. */
const CONFIG_MS = 2000;
const CLOSE_MS = 1000;
/** By then most gateways have shown that they are at zero. */
const FIRST_LOOK_MS = 200;

/** The options of `rollback`. */
export interface RollbackOptions extends WriteOptions {
  readonly disable?: boolean | undefined;
  readonly url: readonly string[];
  /** Responses in a row that each gateway must give from legacy. */
  readonly probes: number;
  /** In seconds: how long to try, and to verify. */
  readonly timeout: number;
}

/**
 * `rollback`: sets 0 at once, then verifies. Where the store is given by its URL, nothing at all
 * comes before the write: the config file is for the trail, and is read after it.
 */
export async function rollback(output: Output, options: RollbackOptions): Promise<Outcome> {
  const begunAt = performance.now();
  // A terminal that is gone, as when a connection breaks, is no reason to stop half-way.
  process.on("SIGHUP", () => {});
  const cwd = process.cwd();
  const explicit = explicitStore(options, process.env, cwd);
  const named = explicit === null ? await namedTarget(options) : null;
  const storeUrl = explicit ?? named?.storeUrl ?? "";
  output.hide(passwordsOf(storeUrl));

  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), options.timeout * 1000);
  const { signal } = deadline;
  const written: Written = { at: null, epoch: null };
  const to = zeroChanges(options.disable === true);
  const progress = output.progress("writing 0");
  let watching: Promise<WayToZero[]> = Promise.resolve([]);

  const { outcome: write, store } = await writeZero({
    open: () => openStore(storeUrl, process.env),
    to,
    who: whoOf(options),
    signal,
    onStart(startedAt) {
      const { url: urls, probes } = options;
      watching = Promise.all(
        urls.map((url) => watchForZero(url, startedAt, probes, written, signal)),
      );
    },
    onFault: faultReporter(output),
    onRead(takenAt, reading) {
      written.epoch = reading.state.epoch;
      written.at = takenAt;
    },
  });
  // The trail is written while the gateways are still being watched, but not at once: to load the
  // config file takes the processor, which would show in the time to zero.
  await settled(watching, FIRST_LOOK_MS);
  const target = named ?? (await lateTarget(output, options));
  const location = store?.location ?? output.safe(storeUrl);
  const record = recordRollback({
    output,
    target,
    coordination: coordinationOf(store, target),
    location,
    to,
    reason: options.reason,
    who: whoOf(options),
  });
  const recording = write.startedAt === null ? null : record.begin();
  progress.update(`waiting for ${options.probes} responses in a row from legacy`);
  const ways = await watching;
  clearTimeout(timer);
  // An older change that has not seen this rollback has written by now, if at all.
  await recording;
  const overwritten = await overwrittenSince(store, write, to);
  progress.stop();

  const isVerified =
    written.at !== null && overwritten === null && ways.every(({ isZero }) => isZero);
  const exit = isVerified ? "ok" : write.takenAt === null ? "not-written" : "unverified";
  const totalMs = Math.round(10 * (performance.now() - begunAt)) / 10;
  const report: RollbackReport = {
    location,
    exit,
    write,
    ways,
    overwritten,
    needed: options.probes,
    totalMs,
  };
  const unrecorded = await record.end(report);
  await settled(store?.close(), CLOSE_MS);
  return rollbackOutcome(report, output, { path: target.trail.trail, problem: unrecorded });
}

/** The target of a store that is named in the config file, which must then be read first. */
async function namedTarget(options: RollbackOptions): Promise<Target> {
  try {
    const loaded = await loadConfig(options.config, process.cwd());
    return targetOf(options, process.env, process.cwd(), loaded);
  } catch (error) {
    const hint = "Nothing was written. --store <url> needs no config file.";
    throw new CliError("usage", `NOT ROLLED BACK: ${messageOf(error)}`, { hint, cause: error });
  }
}

/** The target of a store that was given by its URL. Whatever the config file does, there is one. */
async function lateTarget(output: Output, options: RollbackOptions): Promise<Target> {
  const loading = loadConfig(options.config, process.cwd());
  const loaded = await settled(loading, CONFIG_MS);
  if (loaded instanceof Error) output.say(output.errorPaint.warn(`warning: ${loaded.message}`));
  const config = loaded instanceof Error ? null : loaded;
  return targetOf(options, process.env, process.cwd(), config);
}

/** Says each fault once, as it comes. */
function faultReporter(output: Output): (fault: string) => void {
  let said = "";
  return (fault) => {
    if (fault !== said) output.say(output.errorPaint.warn(`not yet: ${fault}; trying again`));
    said = fault;
  };
}

/** Reads once more at the end: why the store no longer holds zero, or `null`. */
async function overwrittenSince(
  store: OperatorStore | null,
  write: ZeroWrite,
  to: Changes,
): Promise<string | null> {
  if (store === null || write.fault !== null) return null;
  try {
    write.reading = await readingOf(await store.read());
    return holds(write.reading, to) ? null : "someone else has written since";
  } catch (error) {
    return `could not be read again: ${messageOf(error)}`;
  }
}

/** What a promise gives within `ms`, or the error that it is not. Never rejects. */
async function settled<T>(promise: Promise<T> | undefined, ms: number): Promise<T | Error | null> {
  const timeUp = sleep(ms, new Error(`no answer in ${ms} ms`), { ref: false });
  return Promise.race([promise ?? null, timeUp]).catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  );
}
