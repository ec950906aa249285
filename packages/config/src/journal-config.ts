import type { JournalLocation } from "@edgezero/stores/journal/location";
import { journalIdentity, journalIn, journalUrlFault } from "@edgezero/stores/journal/location";
import { z } from "zod";

/** The URL of a Redis, or the environment variable that has it where it holds a password. */
export type JournalConfig = string | { urlEnv: string };

/** The setting. A committed file names a variable where the URL holds a password. */
export const journalSchema: z.ZodType<JournalConfig> = z
  .union([
    z.string().superRefine((text, context) => {
      const message = journalUrlFault(text);
      if (message !== null) context.addIssue({ code: "custom", message });
    }),
    z.strictObject({
      urlEnv: z
        .string()
        .regex(/^[A-Za-z_]\w*$/, "the name of an environment variable")
        .describe("The environment variable that has the URL, password included."),
    }),
  ])
  .describe("The Redis that has the audit trail, such as redis://redis.internal:6379.");

/** Where a journal is. */
export function journalLocation(
  journal: JournalConfig,
  variables: Readonly<Record<string, string | undefined>>,
): JournalLocation {
  if (typeof journal === "string") return { kind: "redis", url: journal };
  return journalIn(journal.urlEnv, variables[journal.urlEnv]);
}

/** The part of an environment that says where operators of its store meet. */
interface Meeting {
  readonly store: string;
  readonly journal?: JournalConfig | undefined;
}

/**
 * Environments whose journal is at the place of another store, each with the name of that environment: two
 * rollouts in one journal would be taken for one.
 */
export function sharedJournals(
  environments: Readonly<Record<string, Meeting>>,
): (readonly [string, string])[] {
  const all = Object.entries(environments);
  return all.flatMap(([name, { store, journal }], index) => {
    const place = journal === undefined ? null : placeOf(journal);
    if (place === null) return [];
    const other = all.find(([, each], i) => {
      if (each.store === store) return false;
      const isEarlier = i < index && each.journal !== undefined && placeOf(each.journal) === place;
      return isEarlier || placeOf(each.store) === place;
    });
    return other === undefined ? [] : [[name, other[0]] as const];
  });
}

function placeOf(journal: JournalConfig): string | null {
  if (typeof journal !== "string") return `variable ${journal.urlEnv}`;
  return journalIdentity({ kind: "redis", url: journal });
}
