import { holderText } from "../audit/change-lock.ts";
import { examineTrail } from "@edgezero/operations/journal/trail-health";
import { messageOf } from "@edgezero/faults/faults";
import type { Target } from "../config/target.ts";
import type { Reading } from "@edgezero/operations/reading";
import { meaningOf, readingOf, valuesText } from "@edgezero/operations/reading";
import type { Coordination } from "@edgezero/stores/coordination";
import type { OperatorStore } from "@edgezero/stores/operator-store";
import type { Finding } from "./finding.ts";
import { bad, good, warning } from "./finding.ts";

/** Examines the store: gives what it holds, or `null` when it cannot be read. */
export async function examineStore(
  store: OperatorStore,
  findings: Finding[],
): Promise<Reading | null> {
  const startedAt = performance.now();
  let reading: Reading;
  try {
    reading = await readingOf(await store.read());
  } catch (error) {
    const todo = "See that it is there and can be reached; `init` creates what is missing.";
    findings.push(bad("store", messageOf(error), todo));
    return null;
  }
  const ms = (performance.now() - startedAt).toFixed(0);
  findings.push(good("store", `${store.location} was read in ${ms} ms`));
  findings.push(keyFinding(reading));
  try {
    await store.checkWritable?.();
    const message =
      store.checkWritable === undefined ? "cannot be told without writing" : "may be written";
    findings.push(good("permission", message));
  } catch (error) {
    findings.push(
      bad(
        "permission",
        messageOf(error),
        "A rollback would fail: give this user the right to write.",
      ),
    );
  }
  return reading;
}

function keyFinding(reading: Reading): Finding {
  const { values, storedPct } = reading;
  const shown = valuesText(values);
  if (Object.values(values).includes(null)) {
    return warning(
      "keys",
      `${shown}: every client goes to legacy`,
      "Run `init`: it creates what is missing.",
    );
  }
  if (storedPct === null) {
    return bad(
      "keys",
      `${shown}: the percentage is not one`,
      "Run `set 0`, or the percentage that is meant.",
    );
  }
  return good("keys", `${shown}: ${meaningOf(reading)}`);
}

/** Examines the audit trail, the clock by it, and the lock. */
export async function examineAudit(
  { trail: files }: Target,
  { lock }: Coordination,
  findings: Finding[],
): Promise<void> {
  try {
    const { trail, problems } = await examineTrail(files);
    const [problem] = problems;
    if (problem !== undefined) {
      const message = `${files.trail}, line ${problem.line}: ${problem.problem}`;
      findings.push(
        bad("audit trail", message, "Run `log --verify`, and find out who changed it."),
      );
    } else if (trail.torn.length > 0) {
      findings.push(
        warning(
          "audit trail",
          "its last line is torn: a process was killed",
          "The next write heals it.",
        ),
      );
    } else {
      findings.push(good("audit trail", `${files.trail}: ${trail.entries.length} entries, whole`));
    }
    const last = trail.entries.at(-1)?.at;
    if (last !== undefined && Date.parse(last) > Date.now() + 1000) {
      findings.push(
        bad(
          "clock",
          `the trail's last entry is of the future: ${last}`,
          "Set this machine's clock.",
        ),
      );
    }
  } catch (error) {
    findings.push(
      bad(
        "audit trail",
        messageOf(error),
        `Mend ${files.trail}: only \`rollback\` works without it.`,
      ),
    );
  }
  const holder = await lock.holder().catch(() => null);
  if (holder !== null) findings.push(warning("lock", holderText(holder), "Wait until it is done."));
}
