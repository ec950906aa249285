-- Reads the JSON of a config file as the gateways' core does: a strict parser (RFC 8259, the grammar of
-- JSON.parse), since what one gateway takes for a value must not be a fault for another. Debian's JSON
-- library takes NaN, hexadecimal numbers and broken escapes.
local byte, char, find, sub = string.byte, string.char, string.find, string.sub

local M = {}

local REPLACEMENT = "\239\191\189"
local ESCAPES = {
  ['"'] = '"', ["\\"] = "\\", ["/"] = "/",
  b = "\b", f = "\f", n = "\n", r = "\r", t = "\t",
}

local function utf8(code)
  if code < 0x80 then return char(code) end
  if code < 0x800 then return char(0xc0 + math.floor(code / 64), 0x80 + code % 64) end
  if code < 0x10000 then
    return char(0xe0 + math.floor(code / 4096), 0x80 + math.floor(code / 64) % 64, 0x80 + code % 64)
  end
  return char(
    0xf0 + math.floor(code / 262144),
    0x80 + math.floor(code / 4096) % 64,
    0x80 + math.floor(code / 64) % 64,
    0x80 + code % 64
  )
end

--- Whether the bytes are UTF-8: no overlong form, no surrogate, nothing above U+10FFFF.
function M.is_utf8(text)
  local i = 1
  while true do
    i = find(text, "[\128-\255]", i)
    if not i then return true end
    local a, b, c, d = byte(text, i, i + 3)
    local function tail(x) return x ~= nil and x >= 0x80 and x <= 0xbf end
    if a >= 0xc2 and a <= 0xdf and tail(b) then
      i = i + 2
    elseif a >= 0xe0 and a <= 0xef and tail(b) and tail(c)
      and not (a == 0xe0 and b < 0xa0) and not (a == 0xed and b > 0x9f) then
      i = i + 3
    elseif a >= 0xf0 and a <= 0xf4 and tail(b) and tail(c) and tail(d)
      and not (a == 0xf0 and b < 0x90) and not (a == 0xf4 and b > 0x8f) then
      i = i + 4
    else
      return false
    end
  end
end

--- The text of the escape `\uXXXX` at i, which is where its digits begin, and where it ends. A lone
--- surrogate, which UTF-8 cannot express, becomes U+FFFD, as where the core hashes it.
local function unicode_escape(text, i)
  local digits = text:match("^%x%x%x%x", i)
  if not digits then return nil end
  local code = tonumber(digits, 16)
  if code < 0xd800 or code > 0xdfff then return utf8(code), i + 4 end
  local low = code < 0xdc00 and text:match("^\\u([dD][c-fC-F]%x%x)", i + 4)
  if not low then return REPLACEMENT, i + 4 end
  return utf8(0x10000 + (code - 0xd800) * 1024 + tonumber(low, 16) - 0xdc00), i + 10
end

--- The string whose opening quote is at i, and where it ends; nil where it is none.
local function string_at(text, i)
  local parts, from = {}, i + 1
  while true do
    local stop = find(text, '[%z\1-\31"\\]', from)
    if not stop then return nil end
    parts[#parts + 1] = sub(text, from, stop - 1)
    local found = sub(text, stop, stop)
    if found == '"' then return table.concat(parts), stop + 1 end
    if found ~= "\\" then return nil end
    local kind = sub(text, stop + 1, stop + 1)
    local unescaped
    if kind == "u" then
      unescaped, from = unicode_escape(text, stop + 2)
    else
      unescaped, from = ESCAPES[kind], stop + 2
    end
    if not unescaped then return nil end
    parts[#parts + 1] = unescaped
  end
end

local function skip(text, i)
  return find(text, "[^ \t\r\n]", i) or #text + 1
end

--- Where the number at i ends; nil where it is none.
local function number_end(text, i)
  local _, stop = find(text, "^%-?0", i)
  if not stop then _, stop = find(text, "^%-?[1-9]%d*", i) end
  if not stop then return nil end
  local _, fraction = find(text, "^%.%d+", stop + 1)
  stop = fraction or stop
  local _, exponent = find(text, "^[eE][+-]?%d+", stop + 1)
  return (exponent or stop) + 1
end

local NOT_STRING = {}
M.NOT_STRING = NOT_STRING

--- The value at i, where it is not an object or a list: a string, or NOT_STRING; and where it ends.
local function scalar_at(text, i)
  local first = sub(text, i, i)
  if first == '"' then return string_at(text, i) end
  for _, word in ipairs({ "true", "false", "null" }) do
    if sub(text, i, i + #word - 1) == word then return NOT_STRING, i + #word end
  end
  local stop = number_end(text, i)
  if stop then return NOT_STRING, stop end
  return nil
end

--- The values of a JSON object by their keys, where each is a string or NOT_STRING. Returns nil where the
--- text is no JSON, or has a key of the outermost object twice; and false where it is JSON, but no object.
--- No nesting is too deep.
function M.object(text)
  local values = {}
  local depth = 0
  --- For each level: "{" or "[".
  local levels = {}
  local key
  local i = skip(text, 1)
  local is_object = sub(text, i, i) == "{"

  --- Reads a key and its colon at i; nil where there is none.
  local function key_at(at)
    if sub(text, at, at) ~= '"' then return nil end
    local name, stop = string_at(text, at)
    if not name then return nil end
    stop = skip(text, stop)
    if sub(text, stop, stop) ~= ":" then return nil end
    if depth == 1 then
      -- Of two, people and tools disagree about which one counts.
      if values[name] ~= nil then return nil end
      key = name
    end
    return skip(text, stop + 1)
  end

  while true do
    -- A value begins at i.
    local first = sub(text, i, i)
    local is_done = true
    if first == "{" or first == "[" then
      if depth == 1 and key then values[key] = NOT_STRING end
      depth = depth + 1
      levels[depth] = first
      i = skip(text, i + 1)
      local close = first == "{" and "}" or "]"
      if sub(text, i, i) == close then
        depth = depth - 1
        i = i + 1
      else
        if first == "{" then i = key_at(i) end
        if not i then return nil end
        is_done = false
      end
    else
      local value
      value, i = scalar_at(text, i)
      if value == nil then return nil end
      if depth == 1 and key then values[key] = value end
    end
    -- After a value: more of its level, or the end of levels.
    while is_done do
      i = skip(text, i)
      if depth == 0 then
        if i <= #text then return nil end
        return is_object and values
      end
      local next_char = sub(text, i, i)
      local level = levels[depth]
      if next_char == "," then
        i = skip(text, i + 1)
        if level == "{" then i = key_at(i) end
        if not i then return nil end
        is_done = false
      elseif next_char == (level == "{" and "}" or "]") then
        depth = depth - 1
        i = i + 1
      else
        return nil
      end
    end
  end
end

return M
