/** One thing that `doctor` has looked at. */
export interface Finding {
  readonly check: string;
  readonly level: "ok" | "warning" | "bad";
  readonly message: string;
  /** What to do about it; `null` when there is nothing. */
  readonly todo: string | null;
}

/** All is well. */
export function good(check: string, message: string): Finding {
  return { check, level: "ok", message, todo: null };
}

/** It works, but should be looked at. */
export function warning(check: string, message: string, todo: string): Finding {
  return { check, level: "warning", message, todo };
}

/** It must be mended. */
export function bad(check: string, message: string, todo: string): Finding {
  return { check, level: "bad", message, todo };
}
