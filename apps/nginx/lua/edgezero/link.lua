-- The link that gives a tester's browser a token: /.edgezero/force?token=…&to=/page. Pure.
local M = {}

M.PATH = "/.edgezero/force"

local function unescape(text)
  return (text:gsub("+", " "):gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end))
end

--- A parameter of a request's query; nil where it is not there. Of several by the name, the first counts.
function M.parameter(uri, name)
  local query = uri:match("%?([^#]*)") or ""
  for pair in query:gmatch("[^&]+") do
    local key, value = pair:match("^([^=]*)=?(.*)$")
    if unescape(key) == name then return unescape(value) end
  end
  return nil
end

--- Where a link leads, which is on this site always: "/" for all that could be taken for another place.
function M.target(to)
  local path = (to or "/"):gsub("[\t\r\n]", ""):match("^[%z\1-\32]*(.-)[%z\1-\32]*$"):match("^[^#]*")
  local plain = path:match("^[^?]*"):lower():gsub("%%2e", ".")
  local is_local = plain:match("^/") and not plain:find("\\", 1, true) and not plain:match("^//")
    and not (plain .. "/"):find("/%.%.?/")
  if not is_local then return "/" end
  return (path:gsub("[^%w%-._~!$&'()*+,;=:@/?%%]", function(c) return string.format("%%%02X", c:byte()) end))
end

--- The cookie that carries a token as long as it is good. Over http it is for this machine alone.
--- @param left_seconds until the token expires
function M.cookie(token, left_seconds, scheme, host)
  -- The rest of the last second counts as a whole one: 0 would delete the cookie.
  local age = math.max(1, math.floor(left_seconds))
  local name = (host or ""):gsub(":%d*$", ""):lower()
  local is_local = name == "localhost" or name == "[::1]" or name:match("^127%.%d+%.%d+%.%d+$")
  local secure = scheme == "http" and is_local and "" or "; Secure"
  return "edgezero_force=" .. token .. "; Max-Age=" .. age .. "; Path=/; HttpOnly; SameSite=Lax" .. secure
end

return M
