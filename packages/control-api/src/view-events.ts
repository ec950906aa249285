import { EventSourceParserStream } from "eventsource-parser/stream";
import type { EnvironmentView } from "./environment-view.ts";
import { environmentView } from "./environment-view.ts";

/** The name of the server-sent event that has a view. */
export const VIEW_EVENT = "view";

/** A view as it came by a stream. */
export interface ViewEvent {
  /** Goes on after it: the header `Last-Event-ID`. */
  readonly id: string;
  readonly view: EnvironmentView;
}

/** An event longer than this many characters ends the stream. */
const LONGEST_EVENT = 10_000_000;

/** Reads the views of a stream of server-sent events. An event that is no view is passed over. */
export async function* readViewEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ViewEvent> {
  const events = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .pipeThrough(new EventSourceParserStream({ maxBufferSize: LONGEST_EVENT }));
  for await (const { event, id = "", data } of events) {
    const view = event === VIEW_EVENT ? viewFrom(data) : null;
    if (view !== null) yield { id, view };
  }
}

function viewFrom(data: string): EnvironmentView | null {
  try {
    return environmentView.safeParse(JSON.parse(data)).data ?? null;
  } catch {
    return null;
  }
}
