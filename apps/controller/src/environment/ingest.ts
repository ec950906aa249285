import type { IngestAnswer, IngestRefusal } from "@edgezero/control-api/ingest";
import type { EventsSource, Ingested } from "@edgezero/evidence/events";
import type { EvidenceSource } from "@edgezero/evidence/source";

const REFUSALS = {
  "too-large": "too-large",
  "too-many": "busy",
  "not-understood": "not-understood",
} as const satisfies Record<Extract<Ingested, { kind: "refused" }>["reason"], IngestRefusal>;

/** Gives posted events to the source that counts them. `now` in milliseconds of the epoch. */
export function ingestInto(
  sources: readonly EvidenceSource[],
  body: Uint8Array,
  now: number,
): IngestAnswer {
  const events = sources.find(takesEvents);
  if (events === undefined) {
    const sentence = "This environment names no source `events:` in its `evidence`.";
    return { kind: "refused", reason: "no-source", sentence };
  }
  const taken = events.ingest(body, now);
  if (taken.kind === "refused") {
    return { kind: "refused", reason: REFUSALS[taken.reason], sentence: taken.detail };
  }
  const { counted, repeated, late, early, invalid } = taken;
  return { kind: "taken", events: counted, repeated, late, early, unreadable: invalid };
}

function takesEvents(source: EvidenceSource): source is EventsSource {
  return "ingest" in source;
}
