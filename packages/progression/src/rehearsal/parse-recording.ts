import type { PlanCode } from "../plan/finding.ts";
import type { Place, Read } from "../plan/place.ts";
import { isObject, report, shown, under } from "../plan/place.ts";
import type {
  ParsedRecording,
  RecordedSilence,
  RecordedWindow,
  Recording,
  RecordingFinding,
  RecordingHead,
} from "./recording.ts";
import { readHead, readSilence, windowReader } from "./recording-lines.ts";

/**
 * Reads a recording from NDJSON: its head on the first line, then windows and silences in the order of time.
 * Empty lines are skipped. Total: never throws, and reports all that is wrong at once. Without a valid head
 * nothing more can be said of the lines after it than whether they are JSON.
 */
export function parseRecording(text: string): ParsedRecording {
  const findings: RecordingFinding[] = [];
  const lines = text.split("\n").flatMap((line, i) => {
    if (line.trim() === "") return [];
    return [{ number: i + 1, data: readJson(line, i + 1, findings) }];
  });
  const [first, ...rest] = lines;
  const head = first === undefined ? null : readLine(headOrReport, first, findings);
  if (first === undefined) findings.push(noHead());
  if (head === null) return { recording: null, findings };
  const entries = readEntries(head, rest, findings);
  return findings.length === 0 ? { recording: { head, entries } } : { recording: null, findings };
}

interface Line {
  /** From 1. */
  readonly number: number;
  /** `undefined`: no JSON. */
  readonly data: unknown;
}

function readJson(text: string, line: number, findings: RecordingFinding[]): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const message = "the line is no JSON";
    findings.push({ line, code: "not-json", place: "", message, allowed: "one object of JSON" });
    return undefined;
  }
}

const HEAD_RULE = "a first line of type recording";

function noHead(): RecordingFinding {
  const message = "the recording is empty";
  return { line: 1, code: "no-head", place: "", message, allowed: HEAD_RULE };
}

const headOrReport: Read<RecordingHead> = (value, place) => {
  if (isObject(value) && value["type"] === "recording") return readHead(value, place);
  return report(place, "not-a-plan", "the recording has no head", HEAD_RULE);
};

/** The codes of the readers of plans, as a recording has them. */
const CODES: Readonly<Partial<Record<PlanCode, RecordingFinding["code"]>>> = {
  missing: "missing",
  "unknown-key": "unknown-key",
  "not-a-plan": "no-head",
};

/** Reads a line with the readers of plans, whose findings know no lines. */
function readLine<Value>(
  read: Read<Value>,
  { number, data }: Line,
  findings: RecordingFinding[],
): Value | null {
  if (data === undefined) return null;
  const place: Place = { pointer: "", findings: [] };
  const value = read(data, place);
  for (const { code, place: pointer, message, allowed } of place.findings) {
    const known = CODES[code] ?? "wrong-value";
    findings.push({ line: number, code: known, place: pointer, message, allowed });
  }
  return place.findings.length > 0 ? null : value;
}

type Entry = RecordedWindow | RecordedSilence;

function readEntries(
  head: RecordingHead,
  lines: readonly Line[],
  findings: RecordingFinding[],
): Recording["entries"] {
  const readWindow = windowReader(head);
  const read: Read<Entry> = (value, place) => {
    const type = isObject(value) ? value["type"] : value;
    if (type === "window") return readWindow(value, place);
    if (type === "silence") return readSilence(value, place);
    const message = `${shown(type)} is no type of a line`;
    return report(under(place, "type"), "wrong-value", message, "window or silence");
  };
  const ends = new Map<string, number>();
  return lines.flatMap((line): readonly Entry[] => {
    const entry = readLine(read, line, findings);
    if (entry === null) return [];
    const { source } = entry;
    const from = entry.type === "window" ? entry.from : entry.at;
    const end = ends.get(source) ?? 0;
    if (from < end) {
      const message = `it begins at ${from}, and the line before of ${source} ended at ${end}`;
      const allowed = "lines in the order of time, each window once";
      findings.push({ line: line.number, code: "out-of-order", place: "", message, allowed });
    }
    ends.set(source, entry.type === "window" ? entry.to : entry.at);
    return [entry];
  });
}
