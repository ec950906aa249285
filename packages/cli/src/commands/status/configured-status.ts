import { messageOf } from "@edgezero/faults/faults";
import { holderText } from "@edgezero/operations/change/take-lock";
import { agoText } from "@edgezero/operations/duration";
import type { Entry } from "@edgezero/operations/journal/entry";
import type { Journal } from "@edgezero/operations/journal/journal";
import type { EndedChange } from "@edgezero/operations/journal/journal-state";
import { journalStateOf } from "@edgezero/operations/journal/journal-state";
import { changeText, notesOf } from "@edgezero/operations/journal/notes";
import type { Reading } from "@edgezero/operations/reading";
import { meaningOf, quoted, readingOf } from "@edgezero/operations/reading";
import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import type { Context } from "../../context.ts";
import { aligned } from "../../output/aligned.ts";
import type { Outcome } from "../../output/output.ts";
import { planRail } from "./plan-rail.ts";
import { notesDocument, readingDocument } from "../change-outcome.ts";

/** The outcome of reading the store, and the reading itself. */
export interface ConfiguredStatus extends Outcome {
  readonly reading: Reading;
}

/** Shows the values in the store, and the last change by the audit trail. */
export async function configuredStatus({
  output,
  target,
  operation,
}: Context): Promise<ConfiguredStatus> {
  const { store, journal, coordination, who } = operation;
  const { faint, strong, warn } = output.paint;
  const reading = await readingOf(await store.read());
  const { values, state } = reading;
  const { entries, finding } = await tryJournal(journal);
  const journalState = journalStateOf(entries);
  const { lastChange } = journalState;
  const lock = await coordination.lock.holder().catch(() => null);
  // While someone holds the lock, an unfinished change may still go on.
  const notes = lock === null ? notesOf(journalState, values, who, store.location) : [];
  const shown = (value: string | null): string =>
    value === null ? faint("absent") : quoted(value);
  const rows = [
    ["store", store.location + (target.environment === null ? "" : ` (${target.environment})`)],
    [EDGEZERO_ENABLED_KEY, shown(values[EDGEZERO_ENABLED_KEY])],
    [EDGEZERO_ROLLOUT_PCT_KEY, shown(values[EDGEZERO_ROLLOUT_PCT_KEY])],
    ["meaning", strong(meaningOf(reading))],
    ["reason, epoch", `${state.reason}, ${state.epoch}`],
    ["last change", lastChange === null ? faint("none recorded") : lastChangeText(lastChange)],
  ];
  const rail = planRail(target.plan, entries, reading, Date.now());
  if (rail !== null) rows.push(["plan", rail.text]);
  if (lock !== null) rows.push(["in progress", warn(holderText(lock))]);
  if (finding !== null) rows.push(["audit trail", warn(finding)]);
  const lines = [
    aligned(rows.map(([name = "", text = ""]) => [faint(name), text])),
    ...notes.map(({ text }) => warn(`note: ${text}`)),
  ];
  return {
    reading,
    text: lines.join("\n"),
    document: {
      store: store.location,
      environment: target.environment,
      propagation: store.propagation,
      ...readingDocument(reading),
      meaning: meaningOf(reading),
      lastChange: lastChange === null ? null : lastChangeDocument(lastChange),
      stage: rail?.document ?? null,
      lock,
      notices: notesDocument(notes),
      audit: { path: journal.location, entries: entries.length, problem: finding },
    },
  };
}

/** Reads the journal as far as it can be read; `finding` says what is wrong with it, or is `null`. */
async function tryJournal(
  journal: Journal,
): Promise<{ entries: readonly Entry[]; finding: string | null }> {
  try {
    const { entries, findings, tornBytes } = await journal.read();
    const [first] = findings;
    if (first !== undefined) {
      return { entries, finding: `broken at line ${first.line}: run \`log --verify\`` };
    }
    const torn = "its last line is torn: a process was killed as it wrote";
    return { entries, finding: tornBytes > 0 ? torn : null };
  } catch (error) {
    return { entries: [], finding: `cannot be read: ${messageOf(error)}` };
  }
}

function lastChangeText({ intent, result }: EndedChange): string {
  const what = intent === null ? "" : ` ${changeText(intent)}`;
  const why = intent?.reason ? ` (${quoted(intent.reason)})` : "";
  return `${result.command}${what} by ${intent?.who ?? result.who} ${agoText(result.at)}, ${result.result}${why}`;
}

function lastChangeDocument({ intent, result }: EndedChange): Record<string, unknown> {
  const { at, command, values } = result;
  return {
    at,
    who: intent?.who ?? result.who,
    command,
    from: intent?.from ?? null,
    to: intent?.to ?? null,
    reason: intent?.reason ?? null,
    result: result.result,
    values,
  };
}
