import { describeRecordingFindings } from "./course-table.ts";
import { parseRecording } from "./parse-recording.ts";
import type { Recording, RecordingFinding } from "./recording.ts";

/** Thrown where a text is no recording. The message says what is wrong with it. */
export class RecordingError extends Error {
  override readonly name = "RecordingError";
  readonly findings: readonly RecordingFinding[];

  constructor(findings: readonly RecordingFinding[]) {
    super(`it is no recording: ${describeRecordingFindings(findings)}`);
    this.findings = findings;
  }
}

/** Reads a recording from NDJSON. @throws RecordingError where it is none. */
export function recordingIn(text: string): Recording {
  const parsed = parseRecording(text);
  if (parsed.recording === null) throw new RecordingError(parsed.findings);
  return parsed.recording;
}
