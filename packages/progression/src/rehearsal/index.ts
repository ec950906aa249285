export type {
  Course,
  CourseStage,
  Happening,
  MedianTime,
  Proportion,
  Rehearsal,
  RehearsalOptions,
  RehearsalSummary,
  Replay,
} from "./course.ts";
export type { Rows } from "./course-table.ts";
export { courseRows, describeRecordingFindings, stageRows, summaryRows } from "./course-table.ts";
export { describeFault, describeHappening } from "./describe-happening.ts";
export type { Fault, FaultKind, FaultOf, Span } from "./fault.ts";
export type {
  ParsedRecording,
  RecordedLine,
  RecordedSilence,
  RecordedWindow,
  Recording,
  RecordingFinding,
  RecordingHead,
} from "./recording.ts";
export { FAULT_FORMS, parseFault } from "./parse-fault.ts";
export { RecordingError, recordingIn } from "./recording-in.ts";
export { parseRecording } from "./parse-recording.ts";
export type { Random } from "./random.ts";
export { seeded } from "./random.ts";
export type { RecordedTraffic } from "./recorded-traffic.ts";
export { trafficOf } from "./recorded-traffic.ts";
export { rehearse } from "./rehearse.ts";
export { rehearsals, rehearseMany, summarize } from "./rehearse-many.ts";
export { replay } from "./replay.ts";
export type { Counted, Moment } from "./site.ts";
export { openSite } from "./site.ts";
export type { SyntheticClients, SyntheticTraffic } from "./traffic.ts";
