-- What the text of a config file and of its two values means. Total: any text has a meaning.
local json = require("edgezero.json")
local find, match, sub = string.find, string.match, string.sub

local M = { ENABLED_KEY = "edgezero_enabled", PCT_KEY = "edgezero_rollout_pct" }

--- The most that a config file may hold, in bytes.
M.MOST_BYTES = 64 * 1024

local BOM = "\239\187\191"

--- Unicode's White_Space, which Rust's str::trim removes, in UTF-8.
local SPACE = {
  ["\9"] = true, ["\10"] = true, ["\11"] = true, ["\12"] = true, ["\13"] = true, [" "] = true,
  ["\194\133"] = true, ["\194\160"] = true, ["\225\154\128"] = true,
  ["\226\128\168"] = true, ["\226\128\169"] = true, ["\226\128\175"] = true,
  ["\226\129\159"] = true, ["\227\128\128"] = true,
}
for last = 128, 138 do
  SPACE["\226\128" .. string.char(last)] = true
end

--- How many bytes of white space begin at i; 0 where none does.
local function space_at(text, i)
  for length = 1, 3 do
    if SPACE[sub(text, i, i + length - 1)] then return length end
  end
  return 0
end

local function trim(text)
  local from, to = 1, #text
  while from <= to do
    local length = space_at(text, from)
    if length == 0 then break end
    from = from + length
  end
  while from <= to do
    local found = false
    for length = 1, 3 do
      if to - length + 1 >= from and SPACE[sub(text, to - length + 1, to)] then
        to, found = to - length, true
        break
      end
    end
    if not found then break end
  end
  return sub(text, from, to)
end

--- Whether the value of the switch is on: "true" in any ASCII case, or "1".
function M.flag(value)
  if type(value) ~= "string" then return false end
  local text = trim(value)
  return text == "1" or #text == 4 and text:lower() == "true"
end

--- The percentage of a value, 0 to 100; nil where it is none: an optional "+", then ASCII digits.
function M.pct(value)
  if type(value) ~= "string" then return nil end
  local digits = match(trim(value), "^%+?0*(%d+)$")
  if not digits or #digits > 3 then return nil end
  local pct = tonumber(digits)
  return pct <= 100 and pct or nil
end

local function unreadable(key)
  return { fault = key .. " must be a JSON string" }
end

local function reading(values, key)
  local value = values[key]
  if value == json.NOT_STRING then return unreadable(key) end
  return value
end

--- What a config file holds: the readings of both keys (a string, nil where the key is absent, or a
--- table with `fault`), and all its strings. Or nil, and why it is no config file; the text of the
--- reason goes on after "it", and quotes no value.
function M.content(text)
  if #text > M.MOST_BYTES then return nil, "it is larger than " .. M.MOST_BYTES .. " bytes" end
  if not json.is_utf8(text) then return nil, "it does not hold valid UTF-8" end
  if find(text, BOM, 1, true) == 1 then
    return nil, "it does not hold valid JSON: it begins with a byte order mark"
  end
  local values = json.object(text)
  if values == nil then return nil, "it does not hold valid JSON, with each key once" end
  if not values then return nil, "it does not hold a JSON object" end
  for key, value in pairs(values) do
    if value == json.NOT_STRING and key ~= M.ENABLED_KEY and key ~= M.PCT_KEY then
      return nil, "it holds a value that is not a JSON string, as every value must be"
    end
  end
  return {
    flag = reading(values, M.ENABLED_KEY),
    pct = reading(values, M.PCT_KEY),
    values = values,
  }
end

return M
