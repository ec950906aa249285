import type { Logger } from "@edgezero/rollout";
import { shownValues } from "../shown-values.ts";
import type { FileValues } from "./content.ts";

/** A file that is being written may be broken for a moment, which is not worth a warning. */
const SETTLE_MS = 100;

/** How the store stands. `text` differs where two states of one kind do. */
export type FileState =
  | { readonly kind: "read"; readonly values: FileValues; readonly text: string }
  | { readonly kind: "stands"; readonly standsForMs: number; readonly text: string }
  | { readonly kind: "legacy"; readonly text: string };

/** Logs each change of a config file's state once. */
export interface FileReport {
  /** At once. */
  now(): void;
  /** A read has ended. A fault is logged if it is still there after a moment. */
  afterRead(): void;
  close(): void;
}

/** @param stateOf Says how the store stands at the moment. */
export function createFileReport(
  path: string,
  stateOf: () => FileState,
  logger: Logger,
): FileReport {
  let reported: { readonly state: FileState; readonly values: string } | null = null;
  let settling: NodeJS.Timeout | undefined;

  function isReported({ kind, text }: FileState): boolean {
    return reported?.state.kind === kind && reported.state.text === text;
  }

  function now(): void {
    const state = stateOf();
    if (isReported(state)) return;
    const before = reported;
    reported = { state, values: state.kind === "read" ? state.text : (before?.values ?? "") };
    switch (state.kind) {
      case "read": {
        if (before === null) return;
        const { values } = state;
        const shown = shownValues((key) => (Object.hasOwn(values, key) ? values[key] : undefined));
        const isSame = before.state.kind === "stands" && before.values === state.text;
        const message = isSame ? "config file is read again" : "config file changed";
        logger.info(message, { path, ...shown });
        return;
      }
      case "stands":
        logger.warn("config file cannot be read, its last values stand for now", {
          error: state.text,
          standsForMs: Math.round(state.standsForMs),
        });
        return;
      case "legacy":
        logger.warn("config file cannot be read, all requests go to legacy", { error: state.text });
    }
  }

  return {
    now,
    afterRead() {
      const state = stateOf();
      if (isReported(state)) return;
      clearTimeout(settling);
      settling = setTimeout(now, state.kind === "read" ? 0 : SETTLE_MS);
    },
    close: () => clearTimeout(settling),
  };
}
