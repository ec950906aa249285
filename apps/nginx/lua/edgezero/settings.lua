-- The settings of this gateway, with the names, defaults and rules that they have on all runtimes:
-- packages/settings has the texts for readers, and a test holds the two together.
local untrusted = require("edgezero.untrusted")

local M = {}

local LONGEST_TIMER_MS = 2147483647

local function one_of(words)
  return function(text)
    for _, word in ipairs(words) do
      if text == word then return text end
    end
    return nil
  end, "one of " .. table.concat(words, ", ")
end

local function whole_number(least, most)
  return function(text)
    local number = text:match("^%d+$") and #text <= 10 and tonumber(text)
    return number and number >= least and number <= most and number or nil
  end, "a whole number from " .. least .. " to " .. most
end

local function rate(text)
  if text:match("^0%.%d+$") or text:match("^1%.0+$") or text == "0" or text == "1" then return tonumber(text) end
  return nil
end

local function secret(text)
  local trimmed = text:match("^%s*(.-)%s*$")
  return #trimmed >= 32 and trimmed or nil
end

local function health_path(text)
  if text == "off" then return false end
  return text:match("^/[%w_.~!$&'()*+,;=:@%%/-]*$")
end

local function setting(name, default, rule, allowed, is_secret)
  return { name = name, default = default, rule = rule, allowed = allowed, is_secret = is_secret }
end

local function with(name, default, rule, allowed)
  return setting(name, default, rule, allowed)
end

local function absolute_path(text)
  return text:match("^/.*[^/]$") and not text:find("%z") and text or nil
end

local function service(text)
  return #text <= 64 and text:match("^[%w_.-]+$") or nil
end

local HEADER_LIST = "a comma-separated list of header names, - before one to keep, * at the end for all "
  .. "that begin so; default stands for the gateway's list, none for no header"

M.SETTINGS = {
  setting("EDGEZERO_CONFIG", nil, absolute_path, "the absolute path of a file"),
  with("CONFIG_MAX_AGE_MS", "30000", whole_number(1000, LONGEST_TIMER_MS)),
  with("ORIGIN_HOST", "origin", one_of({ "origin", "client" })),
  setting("UNTRUSTED_HEADERS", "default", untrusted.parse, HEADER_LIST),
  setting("SERVICE_NAME", "edgezero-rollout", service, "1 to 64 letters, digits, dots, dashes or _"),
  with("ATTRIBUTION", "path", one_of({ "path", "detail" })),
  with("PATH_HEADER", "always", one_of({ "always", "signed", "never" })),
  with("SHARED_CACHES", "unchanged", one_of({ "unchanged", "private", "vary" })),
  setting("EVENT_SAMPLE_RATE", nil, rate, "empty, or a number from 0 to 1"),
  setting("FORCE_SECRET", nil, secret, "at least 32 characters", true),
  with("FORCE_WHEN_DISABLED", "false", one_of({ "false", "true" })),
  setting("PROBE_SECRET", nil, secret, "at least 32 characters", true),
  setting("PROBE_SECRET_PREVIOUS", nil, secret, "at least 32 characters", true),
  setting("HEALTH_PATH", "/health", health_path, "off, or a path such as /health, without a query"),
}

local MOST_SHOWN = 100

--- A value for a line of the log: quoted, printable ASCII only, and cut.
function M.quote(value)
  local text = tostring(value)
  local safe = text:sub(1, MOST_SHOWN):gsub('[^ -~]', function(c) return string.format("\\x%02x", c:byte()) end)
  return '"' .. safe .. '"' .. (#text > MOST_SHOWN and "…" or "")
end

local function text_of(value)
  if value == nil then return "" end
  if type(value) == "table" or type(value) == "function" then return "a " .. type(value) end
  return tostring(value)
end

local function names()
  local all = {}
  for i, each in ipairs(M.SETTINGS) do all[i] = each.name end
  return table.concat(all, ", ")
end

--- The values of all settings by their names. Raises an error that names each setting that is not valid.
function M.read(given)
  if type(given) ~= "table" then error("edgezero: setup takes a table of settings", 0) end
  local values, findings, known = {}, {}, {}
  for _, each in ipairs(M.SETTINGS) do
    known[each.name] = true
    local text = text_of(given[each.name])
    if text == "" then text = each.default end
    if text ~= nil then
      local value = each.rule(text)
      if value == nil then
        local shown = each.is_secret and "not shown" or M.quote(text)
        findings[#findings + 1] = each.name .. " is " .. shown .. ": it must be " .. each.allowed
      end
      values[each.name] = value
    end
  end
  for name in pairs(given) do
    if not known[name] then
      findings[#findings + 1] = M.quote(name) .. " is no setting: those are " .. names()
    end
  end
  if text_of(given.EDGEZERO_CONFIG) == "" then
    findings[#findings + 1] = "EDGEZERO_CONFIG is not set: it must be the absolute path of a file"
  end
  if #findings > 0 then error("edgezero: " .. table.concat(findings, "\nedgezero: "), 0) end
  return values
end

return M
