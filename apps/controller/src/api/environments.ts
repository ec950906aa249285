import type { CommandAnswer, CommandRequest } from "@edgezero/control-api/command";
import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { History } from "@edgezero/control-api/history";
import type { IngestAnswer } from "@edgezero/control-api/ingest";
import type { HistoryWish } from "../history/history.ts";
import type { TimeRange } from "../history/read-recording.ts";
import type { Notifications } from "@edgezero/control-api/notifications";

/** The running controller, as its HTTP API sees it. No method throws or rejects for what a caller sent. */
export interface Environments {
  names(): readonly string[];
  /** The present view; `null` where there is no such environment. */
  view(name: string): EnvironmentView | null;
  /**
   * How an environment went; empty where there is no such environment. With `null`, the last day and a
   * thinned part of the 29 days before.
   */
  history(name: string, wish: HistoryWish | null): History | Promise<History>;
  /** The windows of an environment as a recording, a line each; `null` where there is no such environment. */
  recording(name: string, range: TimeRange): AsyncIterable<string> | null;
  /** Whom it tells of incidents; nobody where there is no such environment. */
  notifications(name: string): Notifications;
  /**
   * Calls back for each new view, with an id that rises. The views after `after` that are still kept come
   * first, at once; with `null`, or where `after` is not known any more, the present view comes first.
   *
   * @returns The function that ends it; after it, nothing is called back.
   */
  subscribe(
    name: string,
    after: number | null,
    onView: (id: number, view: EnvironmentView) => void,
  ): () => void;
  /** Carries a command out, or says why not. A second request with an id gets the first answer. */
  command(name: string, request: CommandRequest): Promise<CommandAnswer>;
  /** Takes decision events, decompressed already. */
  ingest(name: string, body: Uint8Array, contentType: string): Promise<IngestAnswer>;
  /** Whether each environment can be run, has read its store at least once, and had no fault of late. */
  isReady(): boolean;
}
