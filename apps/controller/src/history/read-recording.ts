import type { RecordingHead } from "@edgezero/progression/rehearsal";
import type { DayFiles } from "./day-files.ts";
import { dayOf } from "./day-files.ts";

/** A part of the time, in milliseconds of the epoch: from the first up to the second. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

const DAY = 86_400_000;
/** The latest time whose day has four digits of the year, so that days compare as texts. */
const LATEST = Date.UTC(9999, 11, 31);
const WINDOW = /^\{"type":"window","source":"([^"\\]+)","from":(\d+),"to":(\d+),/;
const SILENCE = /^\{"type":"silence","source":"([^"\\]+)","at":(\d+)\}$/;

/** The source and the end of a window's line; `null` where it is another line. */
export function windowEnd(line: string): { readonly source: string; readonly to: number } | null {
  const [, source, , to] = WINDOW.exec(line) ?? [];
  return source === undefined ? null : { source, to: Number(to) };
}

/**
 * A recording of what was kept, by the rules of `recording.schema.json`: windows that were counted as `head`
 * says, each once. Silences that windows came for later are left out.
 */
export async function* readRecording(
  files: DayFiles,
  head: RecordingHead,
  { from, to }: TimeRange,
): AsyncGenerator<string> {
  const wanted = JSON.stringify(head);
  const ends = new Map<string, number>();
  const silences = new Map<string, { readonly at: number; readonly line: string }[]>();
  let isWanted = false;

  function* told(line: string): Generator<string> {
    const silence = SILENCE.exec(line);
    if (silence?.[1] !== undefined) {
      const [, source, at] = silence;
      const mine = silences.get(source) ?? [];
      if (Number(at) >= from && Number(at) < to) mine.push({ at: Number(at), line });
      silences.set(source, mine);
      return;
    }
    const [, source, begin, end] = WINDOW.exec(line) ?? [];
    if (source === undefined || Number(begin) < from || Number(end) > to) return;
    if (Number(begin) < (ends.get(source) ?? 0)) return;
    for (const each of silences.get(source) ?? []) {
      if (each.at >= (ends.get(source) ?? 0) && each.at <= Number(begin)) yield each.line;
    }
    silences.delete(source);
    ends.set(source, Number(end));
    yield line;
  }

  yield wanted;
  const days = await files.days("windows");
  for (const day of days) {
    if (day < dayOf(from) || day > dayOf(Math.min(to + DAY, LATEST))) continue;
    for await (const line of files.lines("windows", day)) {
      if (line.startsWith('{"type":"recording"')) isWanted = line === wanted;
      else if (isWanted && line.endsWith("}")) yield* told(line);
    }
  }
}
