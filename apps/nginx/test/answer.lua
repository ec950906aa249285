-- Answers questions of the tests about the pure parts, on nginx's own LuaJIT. A line of the body is a
-- question: its kind, and its input in hexadecimal. A line of the answer is a JSON text.
local bucket = require("edgezero.bucket")
local cookies = require("edgezero.cookies")
local decide = require("edgezero.decide")
local fnv1a = require("edgezero.fnv1a")
local host = require("edgezero.host")
local parse = require("edgezero.parse")
local reasons = require("edgezero.reasons")
local settings = require("edgezero.settings")
local untrusted = require("edgezero.untrusted")

local function state_text(state)
  return string.format(
    '{"enabled":%s,"rolloutPct":%d,"reason":"%s","epoch":"%s"}',
    tostring(state.enabled), state.pct, state.reason, state.epoch
  )
end

--- A text as its bytes in hexadecimal; null where there is none.
local function hex_text(text)
  if not text then return "null" end
  return '"' .. text:gsub(".", function(c) return string.format("%02x", c:byte()) end) .. '"'
end

--- Asks for a header's value for the client: the origin's scheme and host, the client's, and the value.
local function translated(translate)
  return function(text)
    local scheme, origin, client_scheme, client, value = text:match("^(.-)|(.-)|(.-)|(.-)|(.*)$")
    local names = {
      origin = host.name(scheme, origin),
      client = { scheme = client_scheme, host = client ~= "" and client or nil },
    }
    return hex_text(translate(value, names))
  end
end

local ANSWERS = {
  location = translated(host.reference),
  refresh = translated(host.refresh),
  link = translated(host.link),
  cookie = translated(host.cookie),
  own = function(cookie) return hex_text(cookies.without_token(cookie)) end,
  source = function(text)
    local list, name = text:match("^(.-)|(.*)$")
    return '"' .. untrusted.source_of(untrusted.parse(list))(name) .. '"'
  end,
  hash = function(text) return fnv1a.hash(text) end,
  key = function(bytes) return '"' .. bucket.key(bytes) .. '"' end,
  bucket = function(bytes) return bucket.bucket(bytes) end,
  flag = function(text) return tostring(parse.flag(text)) end,
  pct = function(text) return parse.pct(text) or "null" end,
  file = function(text)
    local content = parse.content(text)
    return state_text(content and decide.state_of(content) or decide.unavailable())
  end,
  reason = function(name)
    local facts = reasons[name]
    return string.format(
      '{"meaning":"%s","both":%s,"isFault":%s,"wasRead":%s,"level":"%s"}',
      facts.meaning, tostring(facts.both == true), tostring(facts.is_fault == true),
      tostring(facts.was_read == true), facts.level
    )
  end,
  setting = function(text)
    local name, value = text:match("^([%u_]+)=(.*)$")
    return tostring((pcall(settings.read, { EDGEZERO_CONFIG = "/rollout.json", [name] = value })))
  end,
  default = function(name)
    for _, each in ipairs(settings.SETTINGS) do
      if each.name == name then return each.default and '"' .. each.default .. '"' or "null" end
    end
    return '"no setting"'
  end,
  path = function(text)
    local content = parse.content(text)
    local state = content and decide.state_of(content) or decide.unavailable()
    local paths = {}
    for each = 0, 99 do
      paths[#paths + 1] = decide.path(state, each) == "edgezero" and "1" or "0"
    end
    return '"' .. table.concat(paths) .. '"'
  end,
}

ngx.req.read_body()
local body = ngx.req.get_body_data() or io.open(ngx.req.get_body_file(), "rb"):read("*a")
local answers = {}
for kind, hex in body:gmatch("(%l+) (%x*)\n") do
  local input = hex:gsub("%x%x", function(pair) return string.char(tonumber(pair, 16)) end)
  answers[#answers + 1] = ANSWERS[kind](input)
end
ngx.print("[", table.concat(answers, ","), "]")
