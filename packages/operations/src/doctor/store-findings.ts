import { messageOf } from "@edgezero/faults/faults";
import type { Reading } from "../reading.ts";
import { meaningOf, readingOf, valuesText } from "../reading.ts";
import type { OperatorStore } from "@edgezero/stores/operator-store";
import type { Finding } from "./finding.ts";
import { bad, good, warning } from "./finding.ts";

/** Examines the store, and gives its values; `null` where it cannot be read. */
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
