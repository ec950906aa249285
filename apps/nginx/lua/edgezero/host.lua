-- Turns what leads a client to its origin's own name back to the name that the client knows: decision 028
-- has the rules, packages/gateway/src/host their other form. Pure.
local M = {}

local PORTS = { http = "80", https = "443" }

--- A host in the one spelling by which it is compared, and its port; "" where it has none.
local function split_host(authority)
  local host, port = authority:match("^(%[[^%]]*%]):?(%d*)$")
  if not host then host, port = authority:match("^([^:]*):?(%d*)$") end
  if not host then return nil end
  host = host:gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end):lower()
  return (host:gsub("%.$", "")), port
end

--- The name of an origin or a client.
--- @param host with its port where it has one
function M.name(scheme, host)
  local name, port = split_host(host)
  return { scheme = scheme, host = host, name = name, port = port ~= "" and port or PORTS[scheme] }
end

--- A host as a client names it; nil where it is not one, and must lead nobody anywhere.
function M.valid(host)
  if type(host) ~= "string" then return nil end
  local bare = host:gsub(":%d+$", "", 1)
  local is_valid = bare:match("^[%w_.-]+$") or bare:match("^%[[%x:.]+%]$")
  return is_valid and #host - #bare <= 6 and host or nil
end

--- Characters that a browser writes as escapes where it spells a URL anew.
local function escape(text)
  return (text:gsub('[%z\1-\32"<>`{}\127-\255]', function(c) return string.format("%%%02X", c:byte()) end))
end

--- The path, query and fragment as a browser spells them, of a reference that was written in an unusual way.
local function respelled(path, rest)
  return escape(path == "" and "/" or path) .. escape(rest)
end

--- Takes a reference with an authority apart: its scheme ("" where it has none), user, host, port ("" for
--- that of its scheme) and the rest; nil for every other reference. As browsers do, it takes a backslash
--- for a slash. Where the reference is written as usual, the rest stays byte for byte.
local function parse(text, base_scheme)
  local trimmed = text:match("^[%z\1-\32]*(.-)[%z\1-\32]*$"):gsub("[\t\r\n]", "")
  local front, query = trimmed:match("^([^?#]*)(.*)$")
  local scheme, after = front:gsub("\\", "/"):match("^(%a[%w+.-]*):(.*)$")
  scheme = scheme and scheme:lower()
  after = after or front:gsub("\\", "/")
  if scheme and scheme ~= "http" and scheme ~= "https" then return nil end
  -- A scheme of its own and no slash, or one: an authority all the same, unless the base has that scheme.
  local slashes = scheme and scheme ~= base_scheme and "^/*" or "^//+"
  local authority, path = after:match(slashes .. "([^/]*)(.*)$")
  if not authority then return nil end
  local host, port = split_host(authority:match("^.*@([^@]*)$") or authority)
  if not host or host == "" then return nil end
  if port == PORTS[scheme or base_scheme] then port = "" end
  local found = { scheme = scheme or "", user = "", host = host, port = port, rest = respelled(path, query) }
  local written, rest = text:match("^[%a]?[%w+.:-]*//([^/?#\\]*)(.*)$")
  if written and (rest == "" or rest:match("^[/?#]")) then
    found.user, found.rest = written:match("^.*@") or "", rest
  end
  -- Where a scheme is left out, the result has it left out too only if slashes begin the text.
  if text:sub(1, 2) ~= "//" and not scheme then found.scheme = base_scheme end
  return found
end

local function is_of_origin(found, names)
  local origin = names.origin
  return found.host == origin.name and (found.port == "" or found.port == origin.port)
end

--- Two slashes at the start of a path would name another host.
local function on_same_host(rest)
  if rest:sub(1, 1) ~= "/" then return "/" .. rest end
  return rest:match("^/[/\\]") and "/." .. rest or rest
end

--- A client on https is never led to http; another scheme than the origin's stays, since it was meant.
local function scheme_for(found, names)
  if found.scheme == "" then return "" end
  if names.client.scheme == "https" then return "https:" end
  return (found.scheme == names.origin.scheme and names.client.scheme or found.scheme) .. ":"
end

--- Turns a reference that names the origin to the client's host, and leaves every other as it is.
--- @param names `origin`, from M.name, and `client`: its `scheme`, and its `host`, nil where not known
function M.reference(text, names)
  local found = parse(text, names.client.scheme)
  if not found or not is_of_origin(found, names) then return text end
  if not names.client.host then return on_same_host(found.rest) end
  return scheme_for(found, names) .. "//" .. found.user .. names.client.host .. found.rest
end

--- `5; url=http://…`, also with a comma, without `url=`, or in quotes: as browsers read it.
function M.refresh(value, names)
  local delay, rest = value:match("^([%d.]+%s*[;,]?%s*[uU][rR][lL]%s*=%s*)(.*)$")
  if not delay then delay, rest = value:match("^([%d.]+%s*[;,]?%s*)(.*)$") end
  if not delay then return value end
  local quote = rest:match("^[\"']")
  if not quote then return delay .. M.reference(rest, names) end
  local reference, after = rest:sub(2):match("^([^" .. quote .. "]*)(.*)$")
  return delay .. quote .. M.reference(reference, names) .. after
end

--- Pages of an API, among others: `<http://…?page=2>; rel="next"`.
function M.link(value, names)
  return (value:gsub("<([^<>]*)>", function(reference) return "<" .. M.reference(reference, names) .. ">" end))
end

--- Whether a cookie of that domain is sent to the host. A single label covers itself only.
local function covers(domain, host)
  return host == domain or domain:find(".", 1, true) and host:sub(-#domain - 1) == "." .. domain
end

--- Turns the `Domain` of a cookie that covers the origin to the client's host. One that covers both stays.
function M.cookie(cookie, names)
  if not cookie:lower():find("domain", 1, true) then return cookie end
  local parts = {}
  for part in (cookie .. ";"):gmatch("(.-);") do
    local name, domain = part:match("^(%s*[dD][oO][mM][aA][iI][nN]%s*=)(.*)$")
    local covered = domain and split_host((domain:match("^%s*%.?(.-)%s*$")))
    if #parts == 0 or not covered or covered == "" or not covers(covered, names.origin.name) then
      parts[#parts + 1] = part
    elseif names.client.host and names.client.host:sub(1, 1) ~= "[" then
      local host = split_host(names.client.host)
      parts[#parts + 1] = covers(covered, host) and part or name .. host
    end
  end
  return table.concat(parts, ";")
end

return M
