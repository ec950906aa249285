-- Turns the headers of an origin's response, where ORIGIN_HOST is `origin`.
local host = require("edgezero.host")

local M = {}

local TRANSLATED = {
  ["location"] = host.reference,
  ["content-location"] = host.reference,
  ["refresh"] = host.refresh,
  ["link"] = host.link,
  ["set-cookie"] = host.cookie,
  -- Another server of the origin's name. It cannot speak for the client's host.
  ["alt-svc"] = function() return nil end,
}

--- The first of several proxies is the client's.
local function first(list)
  return list and list:match("^%s*([^,]*)"):match("^(.-)%s*$")
end

local function names_of()
  local scheme = first(ngx.var.edgezero_forwarded_proto) or ""
  return {
    origin = host.name(ngx.var.edgezero_origin:match("^https:") and "https" or "http", ngx.var.edgezero_origin_host),
    client = {
      host = host.valid(first(ngx.var.edgezero_forwarded_host)),
      scheme = scheme:lower():match("^https$") and "https" or "http",
    },
  }
end

local function translate(header)
  local names = names_of()
  for name, translated in pairs(TRANSLATED) do
    local value = header[name]
    if type(value) == "table" then
      local values = {}
      for j, each in ipairs(value) do values[j] = translated(each, names) end
      header[name] = values
    elseif value then
      header[name] = translated(value, names)
    end
  end
end
jit.off(translate)

--- Translates in place. Most responses have no such header, and cost a look for each.
function M.translate(header)
  if header["location"] or header["set-cookie"] or header["link"] or header["refresh"]
    or header["content-location"] or header["alt-svc"] then
    translate(header)
  end
end

return M
