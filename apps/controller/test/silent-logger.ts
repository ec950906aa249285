import type { Logger } from "@edgezero/rollout";

/** Says nothing. */
export const SILENT: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  isLevelEnabled: () => false,
};
