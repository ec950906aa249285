import type { Entry, IntentEntry } from "@edgezero/operations/journal/entry";
import type { TrailProblem } from "@edgezero/operations/journal/read-trail";
import type { TrailHealth } from "@edgezero/operations/journal/trail-health";
import { examineTrail } from "@edgezero/operations/journal/trail-health";
import { changeText } from "@edgezero/operations/journal/notices";
import { messageOf } from "@edgezero/faults/faults";
import { CliError } from "../cli-error.ts";
import { loadConfig } from "../config/load-config.ts";
import { targetOf } from "../config/target.ts";
import { aligned } from "../output/aligned.ts";
import type { Outcome, Output } from "../output/output.ts";
import type { Paint } from "../output/paint.ts";
import { quoted, valuesText } from "@edgezero/operations/reading";
import type { CommonOptions } from "../session.ts";

/** The options of `log`. */
export interface LogOptions extends CommonOptions {
  readonly verify?: boolean | undefined;
  /** The hash of an entry that is known from elsewhere, which must be there. */
  readonly head?: string | undefined;
  /** How many entries, from the end; 0: all. */
  readonly limit: number;
}

/** `log`: the audit trail; with `--verify` whether it is whole. The store itself is not opened. */
export async function log(output: Output, options: LogOptions): Promise<Outcome> {
  const loaded = await loadConfig(options.config, process.cwd());
  const { trail: files } = targetOf(options, process.env, process.cwd(), loaded);
  const health = await examineTrail(files).catch((error: unknown) => {
    throw new CliError("audit-broken", `${files.trail} cannot be read: ${messageOf(error)}`);
  });
  const { trail } = health;
  const problems = problemsOf(health, options.head);
  const { paint } = output;
  const base = { path: files.trail, head: trail.head, entries: trail.entries, problems };
  const torn = trail.torn.length === 0 ? null : trail.torn.length;
  const notes: string[] = [];
  if (torn !== null) {
    notes.push(
      `the last line is torn (${torn} bytes): a process was killed as it wrote. The next write heals it.`,
    );
  }
  if (health.head === null && trail.count > 0) {
    notes.push(`${files.head} is missing: entries cut off at the end cannot be noticed`);
  }
  const document = { ...base, whole: problems.length === 0, tornBytes: torn, notes };
  const noteLines = notes.map((note) => paint.warn(`note: ${note}`));
  if (options.verify) {
    const lines = problems.map(problemText);
    const verdict =
      problems.length === 0
        ? [paint.good(`whole: ${trail.entries.length} entries`), `head: ${trail.head}`]
        : [paint.loud(`BROKEN: ${files.trail}`), ...lines.map(paint.bad)];
    return {
      exit: problems.length === 0 ? "ok" : "audit-broken",
      problem: lines.join("; "),
      document,
      text: [...verdict, ...noteLines].join("\n"),
    };
  }
  const intents = new Map<string, IntentEntry>();
  const ended = new Set<string>();
  for (const entry of trail.entries) {
    if (entry.kind === "intent") intents.set(entry.change, entry);
    if (entry.kind === "result") ended.add(entry.change);
  }
  // The beginning of a change is shown with its end, where that is there.
  const rows = trail.entries.filter(
    (entry) => !(entry.kind === "intent" && ended.has(entry.change)),
  );
  const shown = options.limit === 0 ? rows : rows.slice(-options.limit);
  const header = ["entries", "at", "who", "result", "what"].map(paint.faint);
  const text =
    shown.length === 0
      ? "no entries"
      : aligned([header, ...shown.map((each) => row(each, intents, paint))]);
  return { document, text: [text, ...noteLines].join("\n") };
}

function problemsOf({ trail, problems }: TrailHealth, known: string | undefined): TrailProblem[] {
  if (known === undefined || trail.hashes.includes(known)) return [...problems];
  const problem = `no entry has the hash ${known}: it was changed, or cut off`;
  return [...problems, { line: trail.entries.length, entry: null, problem }];
}

/** The number of an entry is what `log` shows it by; its line differs where a line was torn. */
function problemText({ line, entry, problem }: TrailProblem): string {
  return `line ${line}${entry === null ? "" : ` (entry ${entry})`}: ${problem}`;
}

function row(entry: Entry, intents: ReadonlyMap<string, IntentEntry>, paint: Paint): string[] {
  const start = [paint.faint(numbersOf(entry, intents)), entry.at, entry.who];
  switch (entry.kind) {
    case "intent":
      return [
        ...start,
        paint.warn("begun"),
        `${entry.command} ${changeText(entry)}${whyText(entry)}`,
      ];
    case "result": {
      const { command, result, values, detail } = entry;
      const intent = intents.get(entry.change);
      const what = intent === undefined ? "" : ` ${changeText(intent)}${whyText(intent)}`;
      if (result === "verified") return [...start, paint.good(result), command + what];
      const held = values === null ? "" : `; the store held ${valuesText(values)}`;
      const why = detail === null ? "" : `: ${detail}`;
      return [...start, paint.bad(result), `${command}${what}${why}${held}`];
    }
    case "note":
      return [...start, paint.warn("note"), `${entry.note}: ${entry.detail}`];
    default:
      return start;
  }
}

/** A change has an entry for its beginning and one for its end, which are shown as one row. */
function numbersOf(entry: Entry, intents: ReadonlyMap<string, IntentEntry>): string {
  const begun = entry.kind === "result" ? intents.get(entry.change) : undefined;
  return begun === undefined ? String(entry.seq) : `${begun.seq}, ${entry.seq}`;
}

function whyText({ reason }: IntentEntry): string {
  return reason === null ? "" : ` (${quoted(reason)})`;
}
