-- The headers towards the origin and the client that only Lua can set; nginx's own directives do the rest.
local bit = require("bit")
local caches = require("edgezero.caches")
local cookies = require("edgezero.cookies")
local event = require("edgezero.event")
local header_names = require("edgezero.header_names")
local translation = require("edgezero.translation")
local untrusted = require("edgezero.untrusted")
local variables = require("edgezero.variables")
local via = require("edgezero.via")
local band = bit.band
local byte, sub = string.byte, string.sub
local are_equal, get = variables.are_equal, variables.get

local M = {}

local QUESTION_MARK = byte("?")
local CONNECTION_OR_OTHER = header_names.CONNECTION + header_names.OTHER
local COOKIE_OR_OTHER = header_names.COOKIE + header_names.OTHER

--- How many names of headers a worker remembers.
local MOST_NAMES = 500

--- Whether a request is for this path, with any query. The path is compared as the client wrote it.
function M.is_path(uri, path)
  if not path or #uri < #path then return false end
  if #uri > #path and byte(uri, #path + 1) ~= QUESTION_MARK then return false end
  local is_same = sub(uri, 1, #path) == path
  return is_same
end

--- Takes a tester's token from the cookies.
local function drop_token()
  local cookie = get("http_cookie")
  if not cookie or not cookies.may_have_token(cookie) then return end
  local rest = cookies.without_token(cookie)
  if rest == cookie then return end
  if rest == nil then ngx.req.clear_header("Cookie") else ngx.req.set_header("Cookie", rest) end
end

--- Whether the client's address came from a proxy that nginx trusts (set_real_ip_from).
local function is_forwarded()
  return not are_equal("realip_remote_addr", "remote_addr")
end

--- What each name is to the gateway that is looked for in every request.
local LOOKED_FOR = {
  connection = header_names.CONNECTION,
  cookie = header_names.COOKIE,
  ["x-edgezero-probe"] = header_names.PROBE,
  ["x-edgezero-force"] = header_names.FORCE,
  via = header_names.VIA,
}
local KIND_OF_SOURCE = { everyone = 0, proxies = header_names.FORWARDED }

--- Makes a function that looks at the names of a request's headers, and one that takes from them what its
--- origin may not get.
local function dropping(list)
  local source_of = untrusted.source_of(list)
  local look = header_names.create()
  --- What is known of names, by the bits of header_names.
  local known, count = {}, 0

  local function remember(name, kind)
    if known[name] or not kind then return end
    -- Names of attackers are forgotten.
    if count >= MOST_NAMES then known, count = {}, 0 end
    known[name], count = kind, count + 1
  end

  local function drop()
    -- All of them: a header beyond a limit would reach the origin unseen.
    for name in pairs(ngx.req.get_headers(0)) do
      local source = source_of(name)
      local kind = KIND_OF_SOURCE[source]
      -- A header that is looked for may be one of UNTRUSTED_HEADERS too.
      remember(name, kind and kind + (LOOKED_FOR[name] or 0))
      if source == "nobody" or source == "proxies" and not is_forwarded() then
        ngx.req.clear_header(name)
      end
    end
  end
  jit.off(drop)

  local function look_at_names()
    local found = look(known)
    return found
  end

  return look_at_names, function(found)
    if found < header_names.FORWARDED then return end
    if found < header_names.OTHER and is_forwarded() then return end
    drop()
  end
end

--- Values of `Connection` that name no header.
local NAME_NONE = {
  ["keep-alive"] = true, ["Keep-Alive"] = true, close = true, Close = true, upgrade = true, Upgrade = true,
  ["keep-alive, Upgrade"] = true,
}

--- Takes away what is for one connection only.
local function drop_connection_headers()
  local connection = get("http_connection")
  if not connection or NAME_NONE[connection] then return end
  for _, name in ipairs(untrusted.of_connection(connection)) do
    ngx.req.clear_header(name)
  end
end

--- @param name this gateway's in `Via`
function M.create(values, name)
  local names_path = values.PATH_HEADER
  local has_detail = values.ATTRIBUTION == "detail"
  local shared_caches = values.SHARED_CACHES

  --- How the response is kept apart in shared caches. A tester's is nobody else's.
  local function separation(request)
    if request.reason == "forced" then return "private" end
    local both = event.both_paths_serve(request.reason)
    return both and shared_caches or "unchanged"
  end

  local function detail(request)
    local in_bucket = request.bucket and " bucket=" .. request.bucket .. ";" or ""
    return "reason=" .. request.reason .. "; pct=" .. request.state.pct .. ";" .. in_bucket
      .. " epoch=" .. request.state.epoch
  end

  local look_at_names, drop_untrusted = dropping(values.UNTRUSTED_HEADERS)
  local is_origin_host = values.ORIGIN_HOST == "origin"
  local via_of = via.create(name)

  return {
    look_at_names = look_at_names,
    --- Makes the headers that the origin gets; false where the request has come back from it.
    --- @param found from look_at_names
    to_origin = function(found)
      local text = via_of(found)
      if not text then return false end
      ngx.var.edgezero_via = text
      if found ~= 0 then
        if band(found, CONNECTION_OR_OTHER) ~= 0 then drop_connection_headers() end
        if band(found, COOKIE_OR_OTHER) ~= 0 then drop_token() end
        drop_untrusted(found)
      end
      if not is_origin_host then ngx.var.edgezero_host = get("http_host") end
      return true
    end,
    --- Sets the headers of a response. A request whose route is not known has only its path.
    to_client = function(header, request)
      if names_path == "always" or names_path == "signed" and request.reason == "forced" then
        header["x-edgezero-path"] = request.path
      end
      if is_origin_host then translation.translate(header) end
      if request.is_unknown then return end
      if has_detail then header["x-edgezero-decision"] = detail(request) end
      local how = separation(request)
      if how ~= "unchanged" then caches.separate(header, how) end
    end,
  }
end

return M
