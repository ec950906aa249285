import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { History } from "@edgezero/control-api/history";
import { messageOf } from "@edgezero/faults/faults";
import type { RecordingHead } from "@edgezero/progression/rehearsal";
import { createColumns } from "./columns.ts";
import type { DayFiles } from "./day-files.ts";
import { dayOf } from "./day-files.ts";
import type { TimeRange } from "./read-recording.ts";
import { readRecording, windowEnd } from "./read-recording.ts";
import { readPoint } from "./read-point.ts";
import type { WindowRecorder } from "./record-windows.ts";
import { createRecorder } from "./record-windows.ts";
import { select } from "./select.ts";
import type { HistoryPoint } from "./thin.ts";
import { OLDEST_MS, pointOf, shown } from "./thin.ts";

/** The files of one rollout are never larger for longer than a day. */
export const MOST_BYTES: number = 512 * 1024 * 1024;
/** More points than 30 days of windows of 15 s have. Above it half of the older half is left. */
export const MOST_POINTS = 200_000;

/** Lines that crashes may have cut in a day. */
const MOST_CUT = 10;

/** The part of a history that someone wants. */
export interface HistoryWish extends TimeRange {
  readonly points: number;
}

/** How a rollout went. Nothing is decided by it. */
export interface KeptHistory {
  /** Keeps windows of evidence, or that there were none, until the next view. */
  evidence: WindowRecorder["take"];
  /** Keeps what a view says. A view that is not newer than the last one adds nothing. */
  add(view: EnvironmentView): void;
  /** With `null`, the last day and a thinned part of the 29 days before. */
  read(wish: HistoryWish | null): Promise<History>;
  /** The windows as a recording for `replay`, a line each. */
  recording(range: TimeRange): AsyncGenerator<string>;
  /** Resolves once everything is in the files. */
  settled(): Promise<void>;
}

/** What a history needs. */
export interface HistoryParts {
  readonly files: DayFiles;
  /** Milliseconds of the epoch. */
  readonly now: () => number;
  /** What windows are counted by now. */
  readonly head: () => RecordingHead;
  /** Takes why something could not be read or written. It costs the history alone. */
  readonly onFault: (why: string) => void;
}

/** Goes on with the history of an earlier process. It is read while the rollout runs already. */
export function openHistory({ files, now, head, onFault }: HistoryParts): KeptHistory {
  const columns = createColumns();
  const recorder = createRecorder(head);
  /** What came before the files were read; `null` once they are. */
  let early: (() => void)[] | null = [];
  let today = dayOf(now());
  let writing: Promise<void> = Promise.resolve();

  async function guarded(action: () => Promise<void>): Promise<void> {
    await action().catch((error: unknown) => onFault(messageOf(error)));
  }

  function write(action: () => Promise<void>): void {
    writing = writing.then(async () => guarded(action));
  }

  async function tidy(): Promise<void> {
    await files.tidy(today, dayOf(now() - OLDEST_MS), MOST_BYTES);
  }

  async function load(): Promise<void> {
    await guarded(tidy);
    for (const day of await files.days("readings")) {
      await guarded(async () => {
        let unread = 0;
        for await (const line of files.lines("readings", day)) {
          const point = readPoint(line);
          if (point !== null) addPoint(point);
          else if (line !== "") unread += 1;
        }
        if (unread <= MOST_CUT) return;
        onFault(
          `${unread} lines of ${day} are no readings of a rollout; they are left as they are`,
        );
      });
    }
    const last = (await files.days("windows")).at(-1);
    if (last === undefined) return;
    for await (const line of files.lines("windows", last)) {
      const end = windowEnd(line);
      if (end !== null) recorder.known(end.source, end.to);
    }
  }

  function addPoint(point: HistoryPoint): void {
    columns.add(point);
    if (columns.size() <= MOST_POINTS) return;
    const half = Math.floor(columns.size() / 2);
    const newer = Array.from({ length: columns.size() - half }, (_, index) => half + index);
    columns.keep([...select(columns, 0, half, Math.floor(half / 2)), ...newer]);
  }

  function keep(view: EnvironmentView): void {
    const last = columns.size() === 0 ? -1 : columns.at(columns.size() - 1);
    const point = pointOf(view);
    const windows = recorder.lines(view);
    addPoint(point);
    const day = dayOf(view.at);
    if (view.at > last) write(async () => files.append("readings", day, [JSON.stringify(point)]));
    if (windows.length > 0) write(async () => files.append("windows", day, windows));
    if (day <= today) return;
    today = day;
    write(tidy);
  }

  function inTurn(action: () => void): void {
    if (early === null) action();
    else early.push(action);
  }

  const loaded = guarded(load).then(() => {
    const waiting = early ?? [];
    early = null;
    for (const action of waiting) action();
    return undefined;
  });

  return {
    evidence: (event) => inTurn(() => recorder.take(event)),
    add: (view) => inTurn(() => keep(view)),
    async read(wish) {
      await loaded;
      if (wish === null) return columns.history(shown(columns, now()));
      const [low, high] = [columns.indexAt(wish.from), columns.indexAt(wish.to)];
      return columns.history(select(columns, low, high, wish.points));
    },
    async *recording(range) {
      await loaded;
      await writing;
      yield* readRecording(files, head(), range);
    },
    async settled() {
      await loaded;
      await writing;
    },
  };
}
