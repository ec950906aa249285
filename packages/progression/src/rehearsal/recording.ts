import type { EvidenceWindow } from "../reducer/index.ts";

/** The first line of a recording. */
export interface RecordingHead {
  readonly type: "recording";
  readonly version: 1;
  /** The source of the traffic, and of signals that name no source. */
  readonly source: string;
  /** The length of each window. */
  readonly windowMs: number;
  /** Upper bounds of the latency's buckets in milliseconds. */
  readonly bounds: readonly number[];
}

/** What a source gave in one window, while a percentage was in force. */
export interface RecordedWindow extends EvidenceWindow {
  readonly type: "window";
  readonly source: string;
  /** EdgeZero's percentage in the whole window. */
  readonly pct: number;
}

/** A source was asked and did not answer. */
export interface RecordedSilence {
  readonly type: "silence";
  readonly source: string;
  /** Milliseconds of the epoch. */
  readonly at: number;
}

export type RecordedLine = RecordingHead | RecordedWindow | RecordedSilence;

/** Windows of a rollout, in the order in which they ended: NDJSON, one line for each object. */
export interface Recording {
  readonly head: RecordingHead;
  readonly entries: readonly (RecordedWindow | RecordedSilence)[];
}

/** A line of a recording that is wrong. */
export interface RecordingFinding {
  /** From 1. */
  readonly line: number;
  readonly code:
    | "not-json"
    | "wrong-value"
    | "unknown-key"
    | "missing"
    | "no-head"
    | "out-of-order";
  /** A JSON pointer in the line; empty for the line as a whole. */
  readonly place: string;
  /** What is wrong, without a full stop. */
  readonly message: string;
  /** What may stand there, without a full stop. */
  readonly allowed: string;
}

/** Either a recording, or at least one finding. */
export type ParsedRecording =
  | { readonly recording: Recording }
  | { readonly recording: null; readonly findings: readonly RecordingFinding[] };
