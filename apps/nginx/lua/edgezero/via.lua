-- The gateway in `Via`, by which it finds out that an origin leads back to it.
local bit = require("bit")
local header_names = require("edgezero.header_names")
local variables = require("edgezero.variables")
local band, find, get, sub = bit.band, string.find, variables.get, string.sub

local M = {}

local VIA_OR_OTHER = header_names.VIA + header_names.OTHER

--- What a request gets that other proxies had; nil where it was here twice and has come back.
local function after(given, name, own)
  if not given or given == "" then return own end
  local _, first = find(given, name, 1, true)
  if first and find(given, name, first + 1, true) then return nil end
  local both = given .. ", " .. own
  return both
end

--- Makes a function that gives the `Via` for the origin; nil where the request has come back from it.
--- @param name this gateway's own: random, so that a chain of gateways is no loop
function M.create(name)
  local own_of = {}
  for _, version in ipairs({ "1.0", "1.1", "2.0", "3.0" }) do
    own_of["HTTP/" .. version] = version .. " " .. name
  end

  --- @param found what names of headers the request has, by the bits of header_names
  return function(found)
    local protocol = get("server_protocol")
    local own = own_of[protocol] or sub(protocol or "HTTP/0.9", 6) .. " " .. name
    -- Nearly no request has one; those are not looked through again.
    if band(found, VIA_OR_OTHER) == 0 then return own end
    local via = after(get("http_via"), name, own)
    return via
  end
end

return M
