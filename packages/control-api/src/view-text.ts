import { clientsText } from "./clients-view.ts";
import type { EnvironmentView } from "./environment-view.ts";
import { clientsSeen, observedNow } from "./observed-now.ts";
import { railLine } from "./rail-line.ts";
import { signalLine } from "./signal-line.ts";
import { sourceText } from "./source-text.ts";

/** A view for people, a line each: where it is, the rail, each signal, and who is being woken up. Pure. */
export function viewLines(view: EnvironmentView): string[] {
  const width = Math.max(0, ...view.signals.map(({ name }) => name.length));
  return [
    view.sentence,
    `waits for: ${view.waitsFor}`,
    `rail: ${railLine(view)}`,
    `share: ${shareText(view)}`,
    ...clientLines(view),
    ...(view.store === null ? [] : [`store: ${view.store}`]),
    ...unreadLines(view),
    ...view.signals.map((signal) => `${signal.name.padEnd(width)}  ${signalLine(signal)}`),
    ...view.sources
      .filter(({ missing }) => missing !== null)
      .map((source) => `evidence is missing from ${sourceText(source)}: ${source.missing}`),
    ...view.sources.flatMap(({ name, missing, note = null }) =>
      missing === null && note !== null ? [`evidence from ${name}: ${note}`] : [],
    ),
    ...view.pages.map(({ reason, since }) => `page: ${reason}, since ${isoOf(since)}`),
  ];
}

/** The same, and what each signal says in words, and what happened of late. Pure. */
export function explanationLines(view: EnvironmentView): string[] {
  return [
    ...viewLines(view),
    ...view.signals.map(({ sentence, decides }) =>
      decides ? sentence : `${sentence} (decides nothing now)`,
    ),
    ...view.timeline
      .slice(-10)
      .map(({ at, sentence, who }) => `${isoOf(at)}  ${who === null ? "" : `${who}: `}${sentence}`),
  ];
}

/** Of a rollback, those that failed when it began. */
function clientLines(view: EnvironmentView): string[] {
  const clients = clientsSeen(view);
  if (clients === null) return [];
  const when = view.rollback === null ? "" : " before the rollback";
  return [`clients that failed in the minute${when}: ${clientsText(clients)}`];
}

function unreadLines({ storeUnreadSince: since = null }: EnvironmentView): string[] {
  if (since === null) return [];
  return [`the store was last read ${isoOf(since)}: it may have other values by now`];
}

function shareText(view: EnvironmentView): string {
  const { pct } = view;
  const part = observedNow(view);
  const configured = pct === null ? "the store was not read yet" : `${pct}% configured`;
  const observed =
    part === null ? "not observed now" : `${Number((100 * part).toPrecision(3))}% observed`;
  return `${configured}, ${observed}`;
}

function isoOf(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}
