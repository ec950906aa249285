-- The state that a config means, and the path of a client by it. Pure: no clock, no nginx.
local bit = require("bit")
local fnv1a = require("edgezero.fnv1a")
local parse = require("edgezero.parse")

local M = {}

local function value_of(reading)
  if reading == nil then return "null" end
  return type(reading) == "string" and reading or "undefined"
end

--- Names the two values, as the core does: the hash of both as they are stored, joined by a line feed.
local function epoch_of(flag, pct)
  return bit.tohex(fnv1a.hash(flag .. "\n" .. pct)):gsub("^0+(.)", "%1")
end

local function state(reason, pct, enabled, epoch)
  return { reason = reason, pct = pct, enabled = enabled, epoch = epoch, epoch_number = tonumber(epoch, 16) }
end

--- The state of a store that gives no values: of a file that is absent, broken or cannot be read.
function M.unavailable()
  return state("store-unavailable", 0, false, (epoch_of("undefined", "undefined")))
end

--- The state of a config file's content, from parse.content. The percentage counts only if it is read.
function M.state_of(content)
  local flag, pct = content.flag, content.pct
  if type(flag) == "table" then
    return state("flag-unreadable", 0, false, (epoch_of("undefined", "undefined")))
  end
  if not parse.flag(flag) then
    return state("disabled", 0, false, (epoch_of(value_of(flag), "undefined")))
  end
  local epoch = epoch_of(value_of(flag), value_of(pct))
  if type(pct) == "table" then return state("pct-unreadable", 0, true, epoch) end
  if pct == nil then return state("pct-absent", 0, true, epoch) end
  local number = parse.pct(pct)
  if not number then return state("pct-invalid", 0, true, epoch) end
  if number == 0 then return state("rollback", 0, true, epoch) end
  return state(number == 100 and "cutover" or "bucket", number, true, epoch)
end

local STALE = {
  disabled = "stale-disabled",
  rollback = "stale-rollback",
  cutover = "stale-cutover",
  bucket = "stale-bucket",
}

--- The state while reads fail, from the last one that did not; nil where that was a fault.
function M.stale(last)
  local reason = STALE[last.reason]
  return reason and state(reason, last.pct, last.enabled, last.epoch)
end

--- Whether a bucket decides by this state. At 0 and 100 nothing is hashed.
function M.by_bucket(current)
  return current.pct > 0 and current.pct < 100
end

--- The path of a client in that bucket: legacy unless an explicit, valid percentage says otherwise.
function M.path(current, bucket)
  local pct = current.pct
  if current.enabled ~= true or type(pct) ~= "number" then return "legacy" end
  if pct == 100 then return "edgezero" end
  return bucket < pct and "edgezero" or "legacy"
end

return M
