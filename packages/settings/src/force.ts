import { flag } from "./rules.ts";
import { secretText } from "./secret.ts";
import { defineSetting } from "./setting.ts";

/** The secret of testers. */
export const FORCE_SECRET = defineSetting({
  name: "FORCE_SECRET",
  ...secretText,
  default: null,
  meaning:
    "The secret of the tokens by which testers choose a path. With it anyone can choose one; without it nobody can.",
  isSecret: true,
});

/** Whether testers may pass the switch. */
export const FORCE_WHEN_DISABLED = defineSetting({
  name: "FORCE_WHEN_DISABLED",
  ...flag,
  default: "false",
  meaning: "`true`: testers may choose EdgeZero even while `edgezero_enabled` is off.",
});
