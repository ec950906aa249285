import type { Run } from "./run-cli.ts";

/** What a machine that is too busy to see what was before the write rightly says. */
const UNSEEN_BEFORE: ReadonlySet<string> = new Set(["change-unseen", "before-unknown"]);

const MOST_RUNS = 5;

/**
 * Runs a rollback (`--json`) by probes that tell of no change: the gateways must then answer in the half
 * second before the write. Runs it again where that alone was missed; any other end is given at once.
 */
export async function untilSeenBefore(rollback: () => Promise<Run>): Promise<Run> {
  for (let runs = 1; ; runs++) {
    const run = await rollback();
    if (runs === MOST_RUNS || run.code !== 7 || !isUnseenBefore(run)) return run;
  }
}

function isUnseenBefore({ document }: Run): boolean {
  const served = document["served"] as readonly { findings: readonly { kind: string }[] }[];
  const findings = served.flatMap((gateway) => gateway.findings);
  return findings.length > 0 && findings.every(({ kind }) => UNSEEN_BEFORE.has(kind));
}
