-- Lets testers choose a path, by a signed token in a header or a cookie; a link sets the cookie.
local cookies = require("edgezero.cookies")
local headers = require("edgezero.headers")
local link = require("edgezero.link")
local signature = require("edgezero.signature")
local token = require("edgezero.token")

local M = {}

--- The tokens of a request in the order in which they count: that of the header, then that of the cookie.
--- Two headers are none.
local function tokens_of(var)
  local found = {}
  if var.http_x_edgezero_force then
    local given = ngx.req.get_headers()["x-edgezero-force"]
    if type(given) == "string" then found[1] = given end
  end
  local cookie = var.http_cookie
  found[#found + 1] = cookie and cookies.token(cookie)
  return found
end

local NOBODY = {
  path = function() return nil end,
  link = function() return false end,
}

--- Without a secret nobody can choose, and there is no link.
function M.create(values)
  if not values.FORCE_SECRET then return NOBODY end
  local secrets = { values.FORCE_SECRET }
  local when_disabled = values.FORCE_WHEN_DISABLED == "true"

  --- The content of a token; nil where it does not count.
  local function read(text)
    local parsed = token.parse_force(text, ngx.now() * 1000)
    return parsed and signature.secret_of(parsed, secrets) and parsed or nil
  end

  return {
    --- The path that a genuine token asks for and may have; nil where there is none.
    path = function(var, state)
      for _, text in ipairs(tokens_of(var)) do
        local parsed = read(text)
        if parsed and (parsed.path == "legacy" or state.enabled or when_disabled) then return parsed.path end
      end
      return nil
    end,
    --- Sets the headers of the answer to a link, and tells whether the request is one. One whose token does
    --- not count is a request like any other.
    link = function(var)
      local uri = var.request_uri
      if not headers.is_path(uri, link.PATH) or ngx.req.get_method() ~= "GET" then return false end
      local text = link.parameter(uri, "token")
      local parsed = text and read(text)
      if not parsed then return false end
      local left = parsed.expires - ngx.now()
      ngx.header["cache-control"] = "no-store"
      ngx.header["location"] = link.target(link.parameter(uri, "to"))
      ngx.header["set-cookie"] = link.cookie(text, left, var.scheme, var.http_host)
      return true
    end,
  }
end

return M
