-- Every reason for a path, and what follows from it, as packages/rollout/src/reasons.ts has them.
--
-- meaning: the line of the log. is_fault: every request goes to legacy, and an operator has to act.
-- was_read: whether the file was read. level: that of the log line. both: whether clients of one URL can
-- get either path.
local M = {
  ["store-unavailable"] = { meaning = "config store cannot be opened", is_fault = true, level = "warn" },
  ["flag-unreadable"] = { meaning = "edgezero_enabled cannot be read", is_fault = true, level = "warn" },
  ["pct-unreadable"] = { meaning = "edgezero_rollout_pct cannot be read", is_fault = true, level = "warn" },
  ["pct-absent"] = {
    meaning = "edgezero_rollout_pct key absent, defaulting to 0 (legacy path — fail safe)",
    is_fault = true, was_read = true, level = "debug",
  },
  ["pct-invalid"] = {
    meaning = "edgezero_rollout_pct is not a whole number from 0 to 100",
    is_fault = true, was_read = true, level = "warn",
  },
  disabled = { meaning = "edgezero_enabled is not on", was_read = true, level = "debug" },
  rollback = { meaning = "edgezero_rollout_pct is 0", was_read = true, level = "debug" },
  cutover = { meaning = "edgezero_rollout_pct is 100", was_read = true, level = "debug" },
  bucket = { meaning = "edgezero_rollout_pct is 1 to 99", both = true, was_read = true, level = "debug" },
  ["stale-disabled"] = { meaning = "read failed, still disabled", level = "warn" },
  ["stale-rollback"] = { meaning = "read failed, still rollback", level = "warn" },
  ["stale-cutover"] = { meaning = "read failed, still cutover", level = "warn" },
  ["stale-bucket"] = { meaning = "read failed, still bucket", both = true, level = "warn" },
  forced = { meaning = "a tester's token chose the path", both = true, level = "debug" },
}

return M
