import type { DecisionEvent, EventSink } from "@edgezero/rollout/attribution";

/** The part of an Analytics Engine binding that is used. */
export interface DataPointWriter {
  writeDataPoint(point: DataPoint): void;
}

/** One data point: its sampling key, its texts and its numbers. */
export interface DataPoint {
  readonly indexes: string[];
  readonly blobs: string[];
  readonly doubles: number[];
}

/** Writes each event to Analytics Engine, which hands it over without waiting. */
export function writeToAnalytics(writer: DataPointWriter): EventSink {
  return (event) => writer.writeDataPoint(toDataPoint(event));
}

/**
 * An event as a data point, in the order that the README documents. New columns go to the end, since
 * the data of three months back has the old ones.
 *
 * The index is the service and the path. Where points come too fast, Analytics Engine samples those
 * of each index on their own: so the few of a small canary are kept while the other path's are not.
 */
export function toDataPoint(event: DecisionEvent): DataPoint {
  const { service, runtime, path, reason, epoch, outcome, excluded } = event;
  const { durationMs, weight, status, rolloutPct, bucket, lastByteMs, version } = event;
  return {
    indexes: [`${service}/${path}`],
    blobs: [service, runtime, path, reason, epoch, outcome, excluded ?? ""],
    doubles: [durationMs, weight, status ?? 0, rolloutPct, bucket ?? -1, lastByteMs ?? -1, version],
  };
}
