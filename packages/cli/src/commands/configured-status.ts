import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import { holderText } from "../audit/change-lock.ts";
import { changeText, noticesOf } from "@edgezero/operations/journal/notices";
import type { Trail } from "@edgezero/operations/journal/read-trail";
import { examineTrail } from "@edgezero/operations/journal/trail-health";
import type { EndedChange } from "@edgezero/operations/journal/trail-state";
import { trailStateOf } from "@edgezero/operations/journal/trail-state";
import { messageOf } from "@edgezero/faults/faults";
import { aligned } from "../output/aligned.ts";
import { agoText } from "../output/duration.ts";
import type { Outcome } from "../output/output.ts";
import type { Reading } from "@edgezero/operations/reading";
import { meaningOf, quoted, readingOf } from "@edgezero/operations/reading";
import type { Session } from "../session.ts";
import { readingDocument } from "./change-outcome.ts";

/** The outcome of reading the store, and what was read. */
export interface ConfiguredStatus extends Outcome {
  readonly reading: Reading;
}

/** What the store holds, and what the audit trail says of it. */
export async function configuredStatus(session: Session): Promise<ConfiguredStatus> {
  const { output, store, target, who } = session;
  const { faint, strong, warn } = output.paint;
  const reading = await readingOf(await store.read());
  const { values, state } = reading;
  const { trail, problem } = await tryTrail(session);
  const { lastChange, unfinished, lastValues } = trailStateOf(trail?.entries ?? []);
  const lock = await session.coordination.lock.holder().catch(() => null);
  // While someone is at it, what is not finished is not left behind.
  const notices =
    lock === null
      ? noticesOf({ lastChange, unfinished, lastValues }, values, who, store.location)
      : [];
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
  if (lock !== null) rows.push(["in progress", warn(holderText(lock))]);
  if (problem !== null) rows.push(["audit trail", warn(problem)]);
  const lines = [
    aligned(rows.map(([name = "", text = ""]) => [faint(name), text])),
    ...notices.map(({ text }) => warn(`note: ${text}`)),
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
      lock,
      notices: notices.map(({ kind, text }) => ({ kind, text })),
      audit: { path: target.trail.trail, entries: trail?.entries.length ?? 0, problem },
    },
  };
}

async function tryTrail({
  target,
}: Session): Promise<{ trail: Trail | null; problem: string | null }> {
  try {
    const { trail, problems } = await examineTrail(target.trail);
    const [first] = problems;
    if (first !== undefined) {
      return { trail, problem: `broken at line ${first.line}: run \`log --verify\`` };
    }
    const torn = "its last line is torn: a process was killed as it wrote";
    return { trail, problem: trail.torn.length > 0 ? torn : null };
  } catch (error) {
    return { trail: null, problem: `cannot be read: ${messageOf(error)}` };
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
