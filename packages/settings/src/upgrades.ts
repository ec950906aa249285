import { flag } from "./rules.ts";
import { defineSetting } from "./setting.ts";

/** Whether a rollback reaches connections that are open. */
export const ROLLBACK_CLOSES_UPGRADES = defineSetting({
  name: "ROLLBACK_CLOSES_UPGRADES",
  ...flag,
  default: "false",
  meaning:
    "`true`: once the config sends every request to legacy, upgrades that are open at EdgeZero are closed within a second, a WebSocket with the code 1001. Otherwise they stay there until one side closes them. A config that cannot be read closes none.",
});
