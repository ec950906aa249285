-- A quick look at the names of a request's headers. It asks nginx for them by the function behind
-- ngx.req.get_headers, which would make a table and a text of each value.
local bit = require("bit")
local ffi = require("ffi")
local base = require("resty.core.base")
require("resty.core.request")

local M = {}

--- What a name may be, as bits: whatever is none of these is harmless, and 0. OTHER is for what was not
--- looked at by this quick way.
M.CONNECTION, M.COOKIE, M.PROBE, M.FORCE, M.VIA, M.FORWARDED, M.OTHER = 1, 2, 4, 8, 16, 32, 64

--- More headers than this are looked at by the slow way.
local MOST = 32

--- LuaJIT compiles no loop within a request's way, so the steps are written out.
local function unrolled()
  local lines = { "local C, get_request, buffer, truncated, text, bor, other = ...", "return function(known)",
    "local r = get_request()", "local count = C.ngx_http_lua_ffi_req_get_headers_count(r, 0, truncated)",
    "if count < 0 or count > " .. MOST .. " then return other end",
    "if C.ngx_http_lua_ffi_req_get_headers(r, buffer, count, 0) ~= 0 then return other end",
    "local found, key = 0" }
  for i = 0, MOST - 1 do
    lines[#lines + 1] = "if count == " .. i .. " then return found end"
    lines[#lines + 1] = "key = buffer[" .. i .. "].key"
    lines[#lines + 1] = "found = bor(found, known[text(key.data, key.len)] or other)"
  end
  lines[#lines + 1] = "return found end"
  return table.concat(lines, "\n")
end

local function not_looked_at()
  return M.OTHER
end

--- Makes a function that tells what names of these a request has, by the bits that are known for each name
--- in lower case; with OTHER where there is an unknown one, or where it cannot tell.
function M.create()
  local ok, buffer = pcall(ffi.new, "ngx_http_lua_ffi_table_elt_t[?]", MOST)
  if not ok then return not_looked_at end
  local look =
    load(unrolled())(ffi.C, base.get_request, buffer, ffi.new("int[1]"), ffi.string, bit.bor, M.OTHER)
  return function(known)
    local is_done, found = pcall(look, known)
    -- Another version of the module may have another function: then the slow way is taken for good.
    if not is_done then look = not_looked_at end
    return is_done and found or M.OTHER
  end
end

return M
