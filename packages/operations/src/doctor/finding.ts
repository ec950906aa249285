/** The result of one check of `doctor`. */
export interface Finding {
  readonly check: string;
  readonly level: "ok" | "warning" | "bad";
  readonly message: string;
  /** What to do about it; `null` where there is nothing to do. */
  readonly todo: string | null;
}

/** Findings as rows of a table: the mark of the level, the check, the message; then what to do, if anything. */
export function findingRows(
  findings: readonly Finding[],
  marks: Readonly<Record<Finding["level"], string>>,
): string[][] {
  return findings.flatMap(({ check, level, message, todo }) => [
    [marks[level], check, message],
    ...(todo === null ? [] : [["", "", `→ ${todo}`]]),
  ]);
}

/** All is well. */
export function good(check: string, message: string): Finding {
  return { check, level: "ok", message, todo: null };
}

/** It works, but needs a look. */
export function warning(check: string, message: string, todo: string): Finding {
  return { check, level: "warning", message, todo };
}

/** It needs fixing. */
export function bad(check: string, message: string, todo: string): Finding {
  return { check, level: "bad", message, todo };
}
