import { operatorName } from "@edgezero/config";
import { messageOf } from "@edgezero/faults/faults";
import { archiveDocument, archiveJournal, archiveText } from "@edgezero/operations/journal/archive";
import {
  contentDocument,
  contentNotes,
  findingText,
  verdictRows,
  withHead,
} from "@edgezero/operations/journal/content-text";
import { openJournal } from "@edgezero/operations/journal/open-journal";
import { readJournal } from "@edgezero/operations/journal/with-archive";
import { CliError } from "../../cli-error.ts";
import type { CommonOptions } from "../../context.ts";
import { findTarget } from "../../context.ts";
import type { Outcome, Output } from "../../output/output.ts";
import { entryTable } from "./entry-table.ts";

/** The options of `log`. */
export interface LogOptions extends CommonOptions {
  readonly verify?: boolean | undefined;
  /** The hash of an entry that must be there, as noted elsewhere. */
  readonly head?: string | undefined;
  /** The file to which the oldest entries are moved. */
  readonly archive?: string | undefined;
  /** The file that has archived entries, which are then shown and verified, too. */
  readonly withArchive?: string | undefined;
  /** The number of rows, from the end; 0 is all. */
  readonly limit: number;
}

/** `log`: shows the audit trail; with `--verify` whether it is whole. The store is not opened. */
export async function log(output: Output, options: LogOptions): Promise<Outcome> {
  const { target } = await findTarget(options);
  output.hide(target.secrets);
  const journal = await openJournal(target.journal);
  const { location } = journal;
  const fail = (what: string) => (error: unknown) => {
    throw new CliError("audit-broken", `${location} cannot be ${what}: ${messageOf(error)}`);
  };
  if (options.archive !== undefined) {
    const who = operatorName(options.as, process.env, target.operator);
    const report = await archiveJournal(journal, options.archive, who).catch(fail("archived"));
    return { document: archiveDocument(location, report), text: archiveText(report) };
  }
  const content = await readJournal(journal, options.withArchive).catch(fail("read"));
  const findings = withHead(content, options.head);
  const document = contentDocument(location, content, findings);
  const { paint } = output;
  const notes = contentNotes(content).map((note) => paint.warn(`note: ${note}`));
  if (!options.verify) {
    const table = entryTable(content.entries, options.limit, paint);
    return { document, text: [table, ...notes].join("\n") };
  }
  const rows = verdictRows(location, content, findings);
  const verdict = rows.map(({ tone, text }) => (tone === null ? text : paint[tone](text)));
  return {
    exit: findings.length === 0 ? "ok" : "audit-broken",
    fault: findings.map(findingText).join("; "),
    document,
    text: [...verdict, ...notes].join("\n"),
  };
}
